// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "harness/core/files.h"
#include "harness/core/metric_names.h"
#include "harness/core/part.h"
#include "harness/core/text.h"
#include "harness/study/node.h"
#include "harness/study/settings.h"

// docs/experiment-file.md is the reference of the format: nothing that the code knows may be missing from it.

namespace segbench::study {
namespace {

using testing::HasSubstr;

const std::string& page() {
  static const std::string kPage =
      core::read_file(std::filesystem::path(SEGBENCH_SOURCE_DIR) / "docs/experiment-file.md");
  return kPage;
}

/// The table row of a key; "" when there is none.
std::string row_of(const std::string& key) {
  for (const std::string& line : core::split(page(), '\n')) {
    if (line.starts_with("| `" + key + "` |")) return line;
  }
  return {};
}

void expect_rows(const std::string& table, const std::vector<core::ParamSpec>& specs) {
  for (const core::ParamSpec& spec : specs) {
    const std::string key = table + "." + spec.name;
    const std::string row = row_of(key);
    EXPECT_NE(row, "") << "docs/experiment-file.md has no table row for " << key;
    if (!spec.default_value) {
      EXPECT_THAT(row, HasSubstr("| required |"));
    } else if (!spec.default_value->is_null()) {
      EXPECT_THAT(row, HasSubstr("| " + toml_text(*spec.default_value) + " |"));
    }
    for (const std::string& choice : spec.choices) EXPECT_THAT(page(), HasSubstr(choice)) << key;
    if (spec.maximum && *spec.maximum > 1 && *spec.maximum < 1e6 && spec.choices.empty()) {
      EXPECT_THAT(row, HasSubstr(fmt::format("{}", *spec.maximum))) << key;
    }
  }
}

TEST(ExperimentFilePage, TellsEverySetting) {
  for (const std::string& key : file_keys()) EXPECT_THAT(page(), HasSubstr("`" + key + "`"));
  expect_rows("data", data_settings());
  expect_rows("data.splits", split_settings());
  expect_rows("model", model_settings());
  expect_rows("training", training_settings());
  expect_rows("trials", trials_settings());
  expect_rows("run", run_settings());
  expect_rows("claim", claim_settings());
  expect_rows("published", published_settings());
}

TEST(ExperimentFilePage, TellsEveryMetric) {
  for (const core::MetricName& metric : core::kMetricNames)
    EXPECT_NE(row_of(std::string(metric.key)), "") << metric.key;
}

TEST(ExperimentFilePage, TellsEveryPartWithItsParameters) {
  using core::PartKind;
  for (const PartKind kind : {PartKind::kDataSet, PartKind::kArchitecture, PartKind::kLoss,
                              PartKind::kOptimizer, PartKind::kAugmentation}) {
    for (const core::PartSpec* part : core::PartRegistry::instance().all(kind)) {
      if (part->name.starts_with("fake_")) continue;
      const std::string row = row_of(part->name);
      EXPECT_NE(row, "") << "docs/experiment-file.md has no row for the " << to_string(kind) << " "
                         << part->name;
      for (const core::ParamSpec& param : part->params) EXPECT_THAT(row, HasSubstr("`" + param.name + "`"));
    }
  }
}

}  // namespace
}  // namespace segbench::study
