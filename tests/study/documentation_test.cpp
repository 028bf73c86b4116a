// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <set>

#include "harness/core/files.h"
#include "harness/core/measures.h"
#include "harness/core/text.h"
#include "harness/core/variant_fields.h"
#include "harness/study/part_page.h"
#include "harness/study/profile.h"
#include "harness/study/settings.h"

// The tables of docs/experiment-file.md and the pages of docs/parts are written from the specifications of
// settings and parts. With SEGBENCH_UPDATE_DOCS=1 these tests write them; review the difference and commit
// it.

namespace segbench::study {
namespace {

namespace fs = std::filesystem;

const fs::path kDocs = fs::path(SEGBENCH_SOURCE_DIR) / "docs";
const fs::path kFile = kDocs / "experiment-file.md";
const std::string kRemedy = "; run test_study with SEGBENCH_UPDATE_DOCS=1 and review the difference";

bool updates() {
  return std::getenv("SEGBENCH_UPDATE_DOCS") != nullptr;
}

struct DocumentedTable {
  std::string name;  ///< of its keys: "training", "data.splits"; "" of the file
  std::vector<core::ParamSpec> specs;
};

std::vector<core::ParamSpec> joined(std::vector<core::ParamSpec> specs,
                                    const std::vector<core::ParamSpec>& more) {
  specs.insert(specs.end(), more.begin(), more.end());
  return specs;
}

std::vector<DocumentedTable> documented_tables() {
  std::vector<DocumentedTable> tables = {{"", file_settings()}};
  for (const core::Field<core::VariantConfig>& field : core::variant_fields()) {
    if (tables.back().name != field.table)
      tables.push_back({field.table, core::specs_of(core::variant_fields(), field.table)});
  }
  tables.push_back({"trials", trials_settings()});
  tables.push_back({"run", core::specs_of(run_fields(), "run")});
  tables.push_back({"search", search_settings()});
  tables.push_back({"ensemble", ensemble_settings()});
  tables.push_back({"claim", joined(claim_selectors(), claim_settings())});
  tables.push_back({"published", joined(published_selectors(), published_settings())});
  return tables;
}

std::string text_of(const DocumentedTable& table) {
  std::string text = "| key | default | allowed | meaning |\n|---|---|---|---|\n";
  for (const core::ParamSpec& spec : table.specs) {
    const auto [name, value, allowed, help] = param_row(spec);
    text += fmt::format("| `{}{}{}` | {} | {} | {} |\n", table.name, table.name.empty() ? "" : ".", name,
                        value, allowed, help);
  }
  return text;
}

/// Compares the tables of a page, or writes them.
void check_page(const fs::path& file, const std::vector<DocumentedTable>& tables) {
  std::string page = core::read_file(file);
  for (const DocumentedTable& table : tables) {
    const std::string begin = fmt::format("<!-- settings {}: written by test_study -->\n",
                                          table.name.empty() ? "of the file" : table.name);
    const std::size_t found = page.find(begin);
    ASSERT_NE(found, std::string::npos) << file << " lacks the line " << begin;
    const std::size_t at = found + begin.size(), end = page.find("<!-- end -->", at);
    ASSERT_NE(end, std::string::npos);
    if (!updates()) {
      EXPECT_EQ(page.substr(at, end - at), text_of(table)) << table.name << kRemedy;
    }
    page.replace(at, end - at, text_of(table));
  }
  if (updates()) core::write_file_atomically(file, page);
}

TEST(ExperimentFilePage, TellsEverySetting) {
  check_page(kFile, documented_tables());
}

TEST(ProfilePage, TellsEverySetting) {
  check_page(kDocs / "profile.md", {{"profile", core::specs_of(profile_fields(), "profile")}});
}

TEST(ExperimentFilePage, TellsEveryMetric) {
  const std::string page = core::read_file(kFile);
  for (const core::Measure& metric : core::kMetrics)
    EXPECT_THAT(page, testing::HasSubstr(fmt::format("\n| `{}` |", metric.key)));
}

TEST(PartPages, TellEveryPartAndNoOther) {
  std::set<fs::path> pages;
  for (const core::PartKind kind : core::kPartKinds) {
    for (const core::PartSpec* part : core::PartRegistry::instance().all(kind)) {
      if (part->name.starts_with("fake_")) continue;
      const fs::path file = kDocs / "parts" / folder_of(kind) / (part->name + ".md");
      pages.insert(file);
      if (updates()) {
        fs::create_directories(file.parent_path());
        core::write_file_atomically(file, part_page(*part));
        continue;
      }
      ASSERT_TRUE(fs::exists(file)) << file << kRemedy;
      EXPECT_EQ(core::read_file(file), part_page(*part)) << file << kRemedy;
    }
  }
  EXPECT_GE(pages.size(), 45U);
  for (const auto& entry : fs::recursive_directory_iterator(kDocs / "parts")) {
    if (!entry.is_regular_file() || pages.contains(entry.path())) continue;
    ADD_FAILURE() << entry.path() << " tells of a part that is no more: remove it";
  }
}

}  // namespace
}  // namespace segbench::study
