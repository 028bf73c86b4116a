// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
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

const std::filesystem::path kFile = std::filesystem::path(SEGBENCH_SOURCE_DIR) / "docs/experiment-file.md";

const std::string& page() {
  static const std::string kPage = core::read_file(kFile);
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

/// One part with its parameters, as the page shows it.
std::string section_of(const core::PartSpec& part) {
  std::string text = fmt::format("**{} `{}`**: {}", to_string(part.kind), part.name, part.summary);
  text += part.source.empty() ? ".\n\n" : fmt::format(" ({}).\n\n", part.source);
  if (part.params.empty()) return text;
  text += "| parameter | default | allowed | meaning |\n|---|---|---|---|\n";
  for (const core::ParamSpec& param : core::listed_params(part)) {
    const std::string value = !param.default_value             ? "required"
                              : param.default_value->is_null() ? "–"
                                                               : toml_text(*param.default_value);
    text += fmt::format("| `{}` | {} | {} | {} |\n", param.name, value, core::describe_allowed(param),
                        param.help);
  }
  return text + "\n";
}

std::string parts_text() {
  using core::PartKind;
  std::string text;
  for (const PartKind kind : core::kPartKinds) {
    for (const core::PartSpec* part : core::PartRegistry::instance().all(kind)) {
      if (!part->name.starts_with("fake_")) text += section_of(*part);
    }
  }
  return text;
}

// With SEGBENCH_UPDATE_DOCS set the page is brought up to date instead: review the difference and commit it.
TEST(ExperimentFilePage, TellsEveryPartWithItsParameters) {
  const std::size_t begin = page().find('\n', page().find("<!-- parts: begin")) + 1;
  const std::size_t end = page().find("<!-- parts: end");
  ASSERT_LE(begin, end);
  ASSERT_NE(end, std::string::npos);
  const std::string expected = "\n" + parts_text();
  if (std::getenv("SEGBENCH_UPDATE_DOCS") != nullptr) {
    core::write_file_atomically(kFile, page().substr(0, begin) + expected + page().substr(end));
    return;
  }
  const std::string shown = page().substr(begin, end - begin);
  const std::string remedy = "\nthe parts have changed: run this test with SEGBENCH_UPDATE_DOCS=1";
  for (const std::string& line : core::split(expected, '\n')) {
    EXPECT_NE(shown.find("\n" + line + "\n"), std::string::npos) << "missing: " << line << remedy;
  }
  EXPECT_TRUE(shown == expected) << "the page tells of something that is no more, or in another order"
                                 << remedy;
}

}  // namespace
}  // namespace segbench::study
