// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>

#include "harness/core/counts.h"
#include "harness/data/kinds/catalogue.h"
#include "harness/data/kinds/find_root.h"
#include "harness/data/kinds/kind_classes.h"
#include "harness/data/kinds/listing.h"

namespace segbench::data {
namespace {

namespace fs = std::filesystem;

constexpr const char* kCityImages = "leftImg8bit";
constexpr std::string_view kImageSuffix = "_leftImg8bit";
constexpr int kLabelIds = 34;

void read_split(const core::DataConfig& config, const fs::path& root, const std::string& split,
                CatalogueBuilder& builder) {
  const std::string annotations = config.params.at("annotations"), masks = config.params.at("masks");
  for (const auto& [stem, image] : list_images(root, fs::path(kCityImages) / split, builder, true).files) {
    if (!stem.ends_with(kImageSuffix)) {
      builder.refuse("missing_partner", image, fmt::format("the name does not end with {}", kImageSuffix));
      continue;
    }
    const fs::path name = stem.substr(0, stem.size() - kImageSuffix.size());
    const fs::path mask =
        fs::path(annotations) / split / (name.string() + fmt::format("_{}_{}.png", annotations, masks));
    if (!fs::exists(root / mask)) {
      builder.refuse("missing_partner", image, fmt::format("there is no mask {}", mask.string()));
      continue;
    }
    Sample sample{name.filename().string(), image, mask.string()};
    sample.group = name.parent_path().filename().string();
    if (!builder.add(split, sample)) builder.warn("list", image, {{"image", sample.id}});
  }
}

/// The labels that are no class of evaluation.
std::vector<int> void_labels(const std::vector<int>& class_values) {
  std::vector<int> voids;
  for (int value = 0; value < kLabelIds; ++value) {
    if (std::find(class_values.begin(), class_values.end(), value) == class_values.end())
      voids.push_back(value);
  }
  return voids;
}

Catalogue read_cityscapes(const core::DataConfig& config) {
  const std::string annotations = config.params.at("annotations");
  const fs::path root = find_root(config.root, {}, {kCityImages, annotations},
                                  "the folder into which leftImg8bit_trainvaltest.zip and "
                                  "gtFine_trainvaltest.zip were unpacked");
  CatalogueBuilder builder;
  std::set<std::string> available;
  for (const fs::directory_entry& entry : fs::directory_iterator(root / kCityImages)) {
    const std::string name = entry.path().filename().string();
    if (entry.is_directory() && fs::is_directory(root / annotations / name)) available.insert(name);
  }
  for (const std::string& split : builder.choose_splits(config, available, "the folders in leftImg8bit"))
    read_split(config, root, split, builder);
  Catalogue catalogue = std::move(builder).build();
  catalogue.root = root;
  set_kind_classes(config.kind, catalogue);
  LabelCoding& coding = catalogue.coding;
  if (config.params.at("masks") == "labelIds") {
    coding.void_values = void_labels(coding.class_values);
  } else {
    for (std::size_t c = 0; c < coding.class_values.size(); ++c) coding.class_values[c] = static_cast<int>(c);
    coding.void_values = {core::kVoidLabel};
  }
  return catalogue;
}

const KindRegistration cityscapes_reader{"cityscapes", read_cityscapes};

}  // namespace
}  // namespace segbench::data
