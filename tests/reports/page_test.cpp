// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/error.h"
#include "reports/print_pdf.h"
#include "reports/report.h"
#include "tests/reports/report_fixture.h"
#include "tests/support/process.h"
#include "tests/support/python.h"

// The page in a real browser: page_check.py looks at it as people do who see little, hear it or use the
// keyboard alone, at the width of a desk and of a telephone, light and dark, with and without its script.

namespace segbench::reports {
namespace {

/// What page_check.py finds, one line each.
std::string defects_of(const std::string& python, const std::filesystem::path& page) {
  const tests::ProcessResult result =
      tests::run_process({python, std::string(SEGBENCH_SOURCE_DIR) + "/tests/reports/page_check.py",
                          find_browser(), page.string()},
                         page.parent_path());
  EXPECT_EQ(result.exit_code, 0) << result.err;
  return result.out;
}

#define SEGBENCH_REQUIRE_BROWSER() \
  if (find_browser().empty())      \
  GTEST_SKIP() << "SKIPPED: no Chromium in PATH (Debian: apt-get install chromium)"

TEST(Page, IsUsableByEveryone) {
  SEGBENCH_REQUIRE_BROWSER();
  SEGBENCH_REQUIRE_PYTHON(python, "json");
  const tests::FakeStudy study;
  const WrittenReport written = write_report(study.import(), study.runs.path(), "sizes");
  EXPECT_EQ(defects_of(python, written.page), "");
}

/// HTML, quotes, 500 characters, right to left, and Chinese: whatever people call things.
constexpr const char* kHostileNames[] = {
    "</table><script>document.title = 'pwned'</script><img src=x onerror=\"document.title='pwned'\">\"'&",
    "نموذج صغير جدًا \u202e abc", "小型网络模型与非常长的名字"};

TEST(Page, KeepsItsShapeWhateverThingsAreCalled) {
  SEGBENCH_REQUIRE_BROWSER();
  SEGBENCH_REQUIRE_PYTHON(python, "json");
  const tests::FakeStudy study;
  tests::edit_study(study.runs.path(), "sizes", [](core::Json& json) {
    const std::string hostile = kHostileNames[0];
    for (std::size_t i = 0; i < 3; ++i) json["variants"][i]["label"] = kHostileNames[i] + std::to_string(i);
    json["variants"][2]["label"] = std::string(500, 'w') + kHostileNames[2];
    json["question"] = json["source"] = json["command"] = hostile + kHostileNames[1];
    json["source_file"] = "/x/" + std::string(200, 'y') + ".toml";
    json["published"][0]["variant_label"] = std::string(500, 'p') + hostile;
    json["published"][0]["source"] = json["published"][0]["statistic"] = hostile + kHostileNames[2];
    json["claims"][0]["candidate_label"] = hostile;
    json["claims"][0]["reference_label"] = std::string(500, 'c');
    json["audit"]["findings"][0]["message"] = hostile + std::string(500, 'm');
    json["audit"]["findings"][0]["file"] = hostile + ".png";
  });
  const WrittenReport written = write_report(study.import(), study.runs.path(), "sizes");
  EXPECT_EQ(defects_of(python, written.page), "");
}

TEST(Page, IsPrintedByABrowser) {
  SEGBENCH_REQUIRE_BROWSER();
  const tests::FakeStudy study;
  ReportOptions options;
  options.plots = false, options.pdf = true;
  options.output = study.runs / "a folder # with % signs";
  const WrittenReport written = write_report(study.import(), study.runs.path(), "sizes", options);
  EXPECT_GT(std::filesystem::file_size(options.output / "report.pdf"), 10'000u);
  EXPECT_FALSE(std::filesystem::exists(options.output / ".browser"));
}

TEST(Page, IsNotPrintedWithoutABrowser) {
  const tests::FakeStudy study;
  ReportOptions options;
  options.plots = false, options.pdf = true, options.browser = "no-such-browser";
  try {
    write_report(study.import(), study.runs.path(), "sizes", options);
    FAIL();
  } catch (const core::UserError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("no-such-browser could not print the report"));
  }
  EXPECT_FALSE(std::filesystem::exists(study.runs / "sizes" / "report")) << "no half a report";
}

}  // namespace
}  // namespace segbench::reports
