// SPDX-License-Identifier: MIT
#include "harness/data/survey.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "harness/core/error.h"
#include "harness/core/part.h"
#include "harness/core/text.h"
#include "harness/data/codecs/image_file.h"
#include "harness/data/codecs/signature.h"
#include "harness/data/data_set.h"
#include "harness/data/kinds/catalogue.h"
#include "harness/data/kinds/folder_pairs.h"
#include "harness/data/mask_survey.h"

namespace segbench::data {
namespace {

namespace fs = std::filesystem;
using core::Json;

constexpr std::int64_t kLongestSide = 256, kSideStep = 32, kFewestToSplit = 6;
constexpr std::size_t kMostSizes = 500;

/// The lines `key = "value"` of layout_hint() as settings.
std::vector<FoundSetting> layout_settings(const fs::path& folder) {
  const std::string hint = layout_hint(folder);
  if (hint.empty()) {
    throw core::UserError(
        fmt::format(
            "{}: no images and masks that pair by name were found there; put images into images/ and masks "
            "into masks/, under the same names, or write [data] by hand (segbench data list tells the "
            "layouts that are read, COCO's and LabelMe's JSON among them)",
            folder.string()),
        core::kAuditRefused);
  }
  std::vector<FoundSetting> settings;
  const core::DataConfig usual = default_config("folders");
  for (const std::string& line : core::split(hint, '\n')) {
    const std::size_t equals = line.find(" = \"");
    const std::string key = line.substr(0, equals), value = line.substr(equals + 4, line.size() - equals - 5);
    if (usual.params.at(key) != value) settings.push_back({key, value, ""});
  }
  return settings;
}

std::int64_t rounded_side(double side) {
  return std::max(kSideStep, static_cast<std::int64_t>(std::llround(side / kSideStep)) * kSideStep);
}

/// {height, width} of most images, made smaller and rounded.
std::array<std::int64_t, 2> usual_resolution(const Catalogue& catalogue) {
  std::map<std::array<std::int64_t, 2>, int> sizes;
  const std::size_t all = catalogue.samples.size(), count = std::min(all, kMostSizes);
  for (std::size_t i = 0; i < count; ++i) {
    try {
      const Signature signature =
          examine(read_sample_file(catalogue.root / catalogue.samples[i * all / count].image_file));
      ++sizes[{signature.height, signature.width}];
    } catch (const core::UserError&) {  // the audit names it
    }
  }
  if (sizes.empty()) return {kLongestSide, kLongestSide};
  const auto [height, width] = std::max_element(sizes.begin(), sizes.end(), [](const auto& a, const auto& b) {
                                 return a.second < b.second;
                               })->first;
  const double scale =
      std::min(1.0, static_cast<double>(kLongestSide) / static_cast<double>(std::max(height, width)));
  return {rounded_side(scale * static_cast<double>(height)),
          rounded_side(scale * static_cast<double>(width))};
}

void set(Survey& survey, const std::string& key, const Json& value, const std::string& remark = "") {
  survey.settings.push_back({key, value, remark});
}

bool is_auto(const core::SplitRule& rule) {
  return rule.official == std::vector<std::string>{kAutoSplit};
}

/// Whether a split is drawn: by a fraction, or because none of its usual official splits is there.
bool is_drawn(const core::SplitRule& rule, const Catalogue& catalogue,
              std::initializer_list<const char*> names) {
  if (!is_auto(rule)) return rule.fraction.has_value();
  return std::none_of(names.begin(), names.end(),
                      [&](const char* name) { return catalogue.official_splits.contains(name); });
}

/// How many samples fractions are drawn from.
std::int64_t pool_of(const core::SplitRule& train, const Catalogue& catalogue) {
  const auto& official = catalogue.official_splits;
  std::set<std::int64_t> pool;
  for (const std::string& name : is_auto(train) ? std::vector<std::string>{"train"} : train.official) {
    if (const auto found = official.find(name); found != official.end())
      pool.insert(found->second.begin(), found->second.end());
  }
  return static_cast<std::int64_t>(pool.empty() ? catalogue.samples.size() : pool.size());
}

/// Fractions with which every split has two images, where the usual ones give less.
void choose_splits(const Catalogue& catalogue, bool stratify, Survey& survey) {
  core::DataConfig& config = survey.config;
  const bool draws_selection =
                 is_drawn(config.selection, catalogue, {"selection", "val", "valid", "validation"}),
             draws_test = is_drawn(config.test, catalogue, {"test"});
  if (!draws_selection && !draws_test) return;
  const std::int64_t pool = pool_of(config.train, catalogue);
  if (pool < kFewestToSplit) {
    throw core::UserError(
        fmt::format("{}: {} images with masks to train on, select and test; at least {} are needed",
                    catalogue.root.string(), pool, kFewestToSplit),
        core::kAuditRefused);
  }
  if (stratify) {
    config.stratify = true;
    set(survey, "stratify", true, "rare classes come into every split");
  }
  Json splits = Json::object();
  const auto enlarge = [&](const char* name, core::SplitRule& rule) {
    if (std::llround(rule.fraction.value_or(kAutoFraction) * static_cast<double>(pool)) >= 2) return;
    const double fraction = std::ceil(200.0 / static_cast<double>(pool)) / 100;
    splits[name] = fraction;
    rule = {.official = {}, .fraction = fraction};
  };
  if (draws_selection) enlarge("selection", config.selection);
  if (draws_test) enlarge("test", config.test);
  if (!splits.empty()) set(survey, "splits", splits, "two images each");
}

/// The masks of `folders` say what the classes are.
void look_at_masks(const fs::path& root, Survey& survey) {
  survey.settings = layout_settings(root);
  for (const FoundSetting& setting : survey.settings) survey.config.params[setting.key] = setting.value;
  survey.config.params["classes"] = {"a", "b"};  // until the masks were looked at
  for (FoundSetting& setting : survey_masks(open_catalogue(survey.config)))
    survey.settings.push_back(std::move(setting));
}

}  // namespace

Survey survey_folder(const fs::path& folder, const Progress& progress) {
  std::error_code error;
  if (!fs::is_directory(folder, error))
    throw core::UserError(
        fmt::format("{}: {}", folder.string(),
                    fs::exists(folder, error) ? "is a file, not a folder" : "there is no such folder"));
  const fs::path root = fs::canonical(folder);
  Survey survey{.config = {}, .settings = {}, .audit = {}};
  auto known = recognise_kind(root);
  survey.config = default_config(known ? known->kind : "folders", root.string());
  if (known)
    survey.settings = std::move(known->settings);
  else
    look_at_masks(root, survey);
  for (const FoundSetting& setting : survey.settings) survey.config.params[setting.key] = setting.value;
  const core::PartSpec& kind =
      core::PartRegistry::instance().get(core::PartKind::kDataSet, survey.config.kind);
  survey.config.background = core::background_of(kind, survey.config.params);
  const Catalogue catalogue = open_catalogue(survey.config);
  if (kind.traits.at("default_resolution") == "native") {
    survey.config.resolution = usual_resolution(catalogue);
    set(survey, "resolution", *survey.config.resolution, "[height, width]");
  }
  choose_splits(catalogue, kind.traits.at("num_classes").is_null(), survey);
  survey.audit = audit(survey.config, progress);
  const bool absent =
      std::any_of(survey.audit.findings.begin(), survey.audit.findings.end(),
                  [](const auto& finding) { return finding.refuses && finding.code == "unlearnable_class"; });
  if (absent) {
    survey.config.params["allow_absent_classes"] = true;
    set(survey, "allow_absent_classes", true, "some classes are in no image to train on");
    survey.audit = audit(survey.config, progress);
  }
  return survey;
}

}  // namespace segbench::data
