// SPDX-License-Identifier: MIT
#include "harness/data/kinds/catalogue.h"
#include "harness/data/kinds/find_root.h"
#include "harness/data/kinds/folder_pairs.h"
#include "harness/data/kinds/kind_classes.h"

namespace segbench::data {
namespace {

Catalogue read_tgs_salt(const core::DataConfig& config) {
  const std::filesystem::path root =
      find_root(config.root, {"train"}, {"images", "masks"}, "the folder into which train.zip was unpacked");
  CatalogueBuilder builder;
  if (builder.choose_splits(config, {"all"}, "the folder train").contains("all"))
    add_all(list_pairs(root, {.images = "images", .masks = "masks"}, builder), "all", "", Unpaired::kRefuse,
            builder);
  Catalogue catalogue = std::move(builder).build();
  catalogue.root = root;
  set_kind_classes(config.kind, catalogue);
  catalogue.coding.class_values = config.params.at("mask_values").get<std::vector<int>>();
  return catalogue;
}

const KindRegistration tgs_salt_reader{"tgs_salt", read_tgs_salt};

}  // namespace
}  // namespace segbench::data
