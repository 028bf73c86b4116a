// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "harness/core/counts.h"
#include "harness/core/error.h"
#include "harness/data/kinds/catalogue.h"
#include "harness/data/kinds/listing.h"

namespace segbench::data {
namespace {

namespace fs = std::filesystem;

constexpr std::array<const char*, 21> kVocClasses = {
    "background", "aeroplane", "bicycle",     "bird",  "boat",        "bottle", "bus",
    "car",        "cat",       "chair",       "cow",   "diningtable", "dog",    "horse",
    "motorbike",  "person",    "pottedplant", "sheep", "sofa",        "train",  "tvmonitor"};

/// The folder itself, or where the archive unpacks to below it.
fs::path find_root(const std::string& root) {
  for (const char* below : {"", "VOC2012", "VOCdevkit/VOC2012"}) {
    const fs::path candidate = *below == '\0' ? fs::path(root) : fs::path(root) / below;
    if (fs::is_directory(candidate / "JPEGImages") &&
        fs::is_directory(candidate / "ImageSets" / "Segmentation")) {
      return candidate;
    }
  }
  throw core::UserError(
      fmt::format("{}: has no JPEGImages and ImageSets/Segmentation; set root to the folder VOC2012 or "
                  "the VOCdevkit around it",
                  root),
      core::kAuditRefused);
}

Catalogue read_voc2012(const core::DataConfig& config) {
  const fs::path root = find_root(config.root), lists = fs::path("ImageSets") / "Segmentation";
  const std::string mask_folder = config.params.at("masks");
  CatalogueBuilder builder;
  std::set<std::string> available;
  for (const fs::directory_entry& entry : fs::directory_iterator(root / lists)) {
    if (entry.path().extension() == ".txt") available.insert(printable(entry.path().stem().string()));
  }
  const ImageFolder images = list_images(root, "JPEGImages", builder),
                    masks = list_images(root, mask_folder, builder);
  for (const std::string& split :
       builder.choose_splits(config, available, "the lists in " + lists.string())) {
    const fs::path list = lists / (split + ".txt");
    for (const ListLine& line : read_list(root, list)) {
      if (line.comment) continue;
      const std::string& id = line.words.front();
      const std::string place = fmt::format("{}:{}", list.string(), line.number);
      const auto image = images.files.find(id), mask = masks.files.find(id);
      if (image == images.files.end() || mask == masks.files.end()) {
        const bool no_image = image == images.files.end();
        builder.refuse("missing_partner", place,
                       fmt::format("there is no {} \"{}\" in {}", no_image ? "image" : "mask", printable(id),
                                   no_image ? "JPEGImages" : mask_folder));
      } else if (!builder.add(split, {id, image->second, mask->second})) {
        builder.warn("list", place, {{"image", id}});
      }
    }
  }
  Catalogue catalogue = std::move(builder).build();
  catalogue.root = root;
  for (const char* name : kVocClasses) {
    const auto index = static_cast<std::uint8_t>(catalogue.classes.size());
    catalogue.coding.class_values.push_back(index);
    catalogue.coding.class_colours.push_back(voc_colour(index));
    catalogue.classes.push_back({name, voc_colour(index)});
  }
  catalogue.coding.customary_colours = true;
  catalogue.coding.void_values = {core::kVoidLabel};
  catalogue.coding.void_colours = {voc_colour(core::kVoidLabel)};
  return catalogue;
}

const KindRegistration voc2012_reader{"voc2012", read_voc2012};

}  // namespace
}  // namespace segbench::data
