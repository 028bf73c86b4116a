// SPDX-License-Identifier: MIT
#include "harness/data/kinds/catalogue.h"
#include "harness/data/kinds/find_root.h"
#include "harness/data/kinds/folder_pairs.h"
#include "harness/data/kinds/kind_classes.h"

namespace segbench::data {
namespace {

namespace fs = std::filesystem;

constexpr int kOther = 0;

Catalogue read_ade20k(const core::DataConfig& config) {
  const fs::path root = find_root(config.root, {"ADEChallengeData2016"}, {"images", "annotations"},
                                  "the folder ADEChallengeData2016, or the one around it");
  CatalogueBuilder builder;
  std::set<std::string> available;
  for (const std::string split : {"training", "validation"}) {
    if (fs::is_directory(root / "images" / split)) available.insert(split);
  }
  for (const std::string& split : builder.choose_splits(config, available, "the folders in images")) {
    add_all(list_pairs(root, {.images = fs::path("images") / split, .masks = fs::path("annotations") / split},
                       builder),
            split, "", Unpaired::kRefuse, builder);
  }
  Catalogue catalogue = std::move(builder).build();
  catalogue.root = root;
  set_kind_classes(config.kind, catalogue);
  catalogue.coding.void_values = {kOther};
  return catalogue;
}

const KindRegistration ade20k_reader{"ade20k", read_ade20k};

}  // namespace
}  // namespace segbench::data
