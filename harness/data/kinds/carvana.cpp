// SPDX-License-Identifier: MIT
#include "harness/data/kinds/catalogue.h"
#include "harness/data/kinds/find_root.h"
#include "harness/data/kinds/folder_pairs.h"
#include "harness/data/kinds/kind_classes.h"

namespace segbench::data {
namespace {

Catalogue read_carvana(const core::DataConfig& config) {
  const std::filesystem::path root =
      find_root(config.root, {}, {"train", "train_masks"},
                "the folder into which train.zip and train_masks.zip were unpacked");
  CatalogueBuilder builder;
  if (builder.choose_splits(config, {"all"}, "the folder train").contains("all"))
    add_all(list_pairs(root, {.images = "train", .masks = "train_masks", .mask_suffix = "_mask"}, builder),
            "all", "", Unpaired::kRefuse, builder);
  Catalogue catalogue = std::move(builder).build();
  catalogue.root = root;
  set_kind_classes(config.kind, catalogue);
  for (Sample& sample : catalogue.samples) sample.group = sample.id.substr(0, sample.id.rfind('_'));
  return catalogue;
}

const KindRegistration carvana_reader{"carvana", read_carvana};

}  // namespace
}  // namespace segbench::data
