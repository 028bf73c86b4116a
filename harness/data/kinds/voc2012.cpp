// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "harness/core/counts.h"
#include "harness/data/kinds/catalogue.h"
#include "harness/data/kinds/find_root.h"
#include "harness/data/kinds/kind_classes.h"
#include "harness/data/kinds/listing.h"

namespace segbench::data {
namespace {

namespace fs = std::filesystem;

Catalogue read_voc2012(const core::DataConfig& config) {
  const fs::path root =
      find_root(config.root, {"VOC2012", "VOCdevkit/VOC2012"}, {"JPEGImages", "ImageSets/Segmentation"},
                "the folder VOC2012 or the VOCdevkit around it");
  const fs::path lists = fs::path("ImageSets") / "Segmentation";
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
  set_kind_classes(config.kind, catalogue);
  for (const core::ClassInfo& known : catalogue.classes)
    catalogue.coding.class_colours.push_back(known.colour);
  catalogue.coding.customary_colours = true;
  catalogue.coding.void_values = {core::kVoidLabel};
  catalogue.coding.void_colours = {voc_colour(core::kVoidLabel)};
  return catalogue;
}

const KindRegistration voc2012_reader{"voc2012", read_voc2012};

}  // namespace
}  // namespace segbench::data
