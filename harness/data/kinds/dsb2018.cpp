// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>

#include "harness/core/error.h"
#include "harness/data/kinds/catalogue.h"
#include "harness/data/kinds/kind_classes.h"
#include "harness/data/kinds/kind_survey.h"
#include "harness/data/kinds/listing.h"

namespace segbench::data {
namespace {

namespace fs = std::filesystem;

/// The folders that have images and, where `labelled`, masks, in alphabetical order.
std::vector<std::string> sample_folders(const fs::path& root, bool labelled = true) {
  std::vector<std::string> folders;
  std::error_code error;
  for (fs::directory_iterator entry(root, error), end; !error && entry != end; entry.increment(error)) {
    std::error_code absent;
    if (fs::is_directory(entry->path() / "images", absent) &&
        (!labelled || fs::is_directory(entry->path() / "masks", absent)))
      folders.push_back(entry->path().filename().string());
  }
  std::sort(folders.begin(), folders.end());
  return folders;
}

void add_sample(const fs::path& root, const std::string& id, CatalogueBuilder& builder) {
  std::error_code error;
  if (!fs::is_directory(root / id / "masks", error)) {
    builder.refuse("missing_partner", printable(id), "there is no folder masks beside its folder images");
    return;
  }
  const ImageFolder images = list_images(root, fs::path(id) / "images", builder),
                    masks = list_images(root, fs::path(id) / "masks", builder);
  if (images.files.size() != 1 || masks.files.empty()) {
    builder.refuse("missing_partner", printable(id),
                   fmt::format("there must be one image and at least one mask, but there are {} and {}",
                               images.files.size(), masks.files.size()));
    return;
  }
  Sample sample{id, images.files.begin()->second, masks.files.begin()->second};
  for (const auto& [stem, file] : masks.files) sample.object_masks.push_back(file);
  builder.add("all", sample);
}

Catalogue read_dsb2018(const core::DataConfig& config) {
  fs::path root = config.root;
  if (fs::is_directory(root / "stage1_train")) root /= "stage1_train";
  if (sample_folders(root).empty()) {
    throw core::UserError(fmt::format("{}: has no folders <id>/images and <id>/masks; set root to the folder "
                                      "stage1_train, or the one around it",
                                      root.string()),
                          core::kAuditRefused);
  }
  CatalogueBuilder builder;
  if (builder.choose_splits(config, {"all"}, "the folder").contains("all")) {
    for (const std::string& id : sample_folders(root, false)) add_sample(root, id, builder);
  }
  Catalogue catalogue = std::move(builder).build();
  catalogue.root = root;
  set_kind_classes(config.kind, catalogue);
  return catalogue;
}

/// The folder stage1_train itself: one image in each folder, while a set of several folders has many.
std::optional<std::vector<FoundSetting>> survey_dsb2018(const fs::path& folder) {
  const std::vector<std::string> folders = sample_folders(folder);
  if (folders.empty() || std::any_of(folders.begin(), folders.end(), is_usual_split)) return std::nullopt;
  CatalogueBuilder builder;
  if (list_images(folder, fs::path(folders.front()) / "images", builder).files.size() != 1)
    return std::nullopt;
  return std::vector<FoundSetting>{};
}

const SurveyRegistration dsb2018_survey{"dsb2018", survey_dsb2018};
const KindRegistration dsb2018_reader{"dsb2018", read_dsb2018};

}  // namespace
}  // namespace segbench::data
