// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "harness/data/kinds/catalogue.h"
#include "harness/data/kinds/find_root.h"
#include "harness/data/kinds/kind_classes.h"
#include "harness/data/kinds/listing.h"

namespace segbench::data {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPetImages = "images";
constexpr const char* kTrimaps = "annotations/trimaps";

void read_split(const fs::path& root, const std::string& split, const ImageFolder& images,
                const ImageFolder& trimaps, std::set<std::string>& used, CatalogueBuilder& builder) {
  const fs::path list = fs::path("annotations") / (split + ".txt");
  for (const ListLine& line : read_list(root, list)) {
    if (line.comment) continue;
    const std::string& name = line.words.front();
    const std::string place = fmt::format("{}:{}", list.string(), line.number);
    const auto image = images.files.find(name), trimap = trimaps.files.find(name);
    used.insert(name);
    if (image == images.files.end() || trimap == trimaps.files.end()) {
      const bool no_image = image == images.files.end();
      builder.refuse("missing_partner", place,
                     fmt::format("there is no {} \"{}\" in {}", no_image ? "image" : "trimap",
                                 printable(name), no_image ? kPetImages : kTrimaps));
    } else if (!builder.add(split, {name, image->second, trimap->second})) {
      builder.warn("list", place, {{"image", name}});
    }
  }
}

Catalogue read_oxford_pet(const core::DataConfig& config) {
  const fs::path root = find_root(config.root, {"oxford-iiit-pet"}, {kPetImages, kTrimaps},
                                  "the folder into which images.tar.gz and annotations.tar.gz were unpacked");
  CatalogueBuilder builder;
  std::set<std::string> available, used;
  for (const fs::directory_entry& entry : fs::directory_iterator(root / "annotations")) {
    if (entry.path().extension() == ".txt") available.insert(printable(entry.path().stem().string()));
  }
  const ImageFolder images = list_images(root, kPetImages, builder),
                    trimaps = list_images(root, kTrimaps, builder);
  const std::set<std::string> chosen = builder.choose_splits(config, available, "the lists in annotations");
  std::string lists;
  for (const std::string& split : chosen) {
    read_split(root, split, images, trimaps, used, builder);
    lists += (lists.empty() ? "" : ", ") + split + ".txt";
  }
  std::vector<std::string> unlisted;
  for (const auto& [name, file] : images.files) {
    if (!used.contains(name)) unlisted.push_back(file);
  }
  if (!unlisted.empty()) {
    builder.warn("unlisted", kPetImages,
                 {{"files", unlisted.size() == 1 ? "one image" : fmt::format("{} images", unlisted.size())},
                  {"lists", lists},
                  {"names", ": " + some_of(unlisted)}});
  }
  Catalogue catalogue = std::move(builder).build();
  catalogue.root = root;
  set_kind_classes(config.kind, catalogue);
  return catalogue;
}

const KindRegistration oxford_pet_reader{"oxford_pet", read_oxford_pet};

}  // namespace
}  // namespace segbench::data
