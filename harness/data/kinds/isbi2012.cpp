// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "harness/core/error.h"
#include "harness/data/codecs/image_file.h"
#include "harness/data/codecs/tiff_file.h"
#include "harness/data/kinds/catalogue.h"
#include "harness/data/kinds/find_root.h"
#include "harness/data/kinds/folder_pairs.h"
#include "harness/data/kinds/kind_classes.h"

namespace segbench::data {
namespace {

namespace fs = std::filesystem;

constexpr const char* kImageStack = "train-volume.tif";
constexpr const char* kLabelStack = "train-labels.tif";

/// Slices of a stack; a file that cannot be read is a finding, and has none.
std::int64_t slices_of(const fs::path& root, const std::string& file, CatalogueBuilder& builder) {
  try {
    return tiff_pages(read_sample_file(root / file));
  } catch (const core::UserError& error) {
    builder.refuse("unreadable", file, error.what());
    return 0;
  }
}

void add_slices(const fs::path& root, CatalogueBuilder& builder) {
  const std::int64_t images = slices_of(root, kImageStack, builder),
                     labels = slices_of(root, kLabelStack, builder);
  if (images != labels && images > 0 && labels > 0) {
    builder.refuse("missing_partner", kLabelStack,
                   fmt::format("the stack has {} slices, {} has {}", labels, kImageStack, images));
    return;
  }
  for (std::int64_t i = 0; i < std::min(images, labels); ++i) {
    Sample slice{fmt::format("slice{:03}", i), kImageStack, kLabelStack};
    slice.page = i;
    builder.add("all", slice);
  }
}

Catalogue read_isbi2012(const core::DataConfig& config) {
  const bool stacks = fs::exists(fs::path(config.root) / kImageStack);
  const fs::path root =
      stacks ? fs::path(config.root)
             : find_root(config.root, {}, {"train/image", "train/label"},
                         fmt::format("the folder of {} and {}, or of train/image and train/label",
                                     kImageStack, kLabelStack));
  CatalogueBuilder builder;
  const bool all = builder.choose_splits(config, {"all"}, "the training stack").contains("all");
  if (all && stacks) add_slices(root, builder);
  if (all && !stacks)
    add_all(list_pairs(root, {.images = "train/image", .masks = "train/label"}, builder), "all", "",
            Unpaired::kRefuse, builder);
  Catalogue catalogue = std::move(builder).build();
  catalogue.root = root;
  set_kind_classes(config.kind, catalogue);
  return catalogue;
}

const KindRegistration isbi2012_reader{"isbi2012", read_isbi2012};

}  // namespace
}  // namespace segbench::data
