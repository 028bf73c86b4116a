// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "reports/html/html.h"
#include "reports/report.h"
#include "reports/tables/tables.h"
#include "tests/reports/html_check.h"
#include "tests/reports/report_fixture.h"

// `segbench report A B`: several studies on one page.

namespace segbench::reports {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

/// Beside the study "sizes" another one, "later", whose data may be others.
struct TwoStudies {
  explicit TwoStudies(const std::string& fingerprint = "f00d") {
    std::vector<tests::FakeTrial> trials = tests::fake_trials({"tiny", "huge"}, {1, 2, 3});
    for (tests::FakeTrial& trial : trials) {
      trial.study = "later", trial.data_fingerprint = fingerprint, trial.epochs = 6;
      trial.class_names = {"background", "road", "car", "cyclist"};
    }
    tests::write_fake_study(study.runs.path(), trials, "What came later?");
    tests::import_all(study.runs.path(), "later");
  }
  store::Store store() const {
    tests::import_all(study.runs.path(), "sizes");
    return tests::import_all(study.runs.path(), "later");
  }
  tests::FakeStudy study;
};

const std::vector<std::string> kBoth = {"sizes", "later"};

ReportOptions without_plots() {
  ReportOptions options;
  options.plots = false;
  return options;
}

TEST(Studies, StandOnOnePageWithAVerdictOfEach) {
  const TwoStudies both;
  const WrittenReport written = write_report(both.store(), both.study.runs.path(), kBoth, without_plots());
  EXPECT_EQ(written.page, both.study.runs / "sizes+later" / "report" / "index.html");
  EXPECT_THAT(written.not_comparable, IsEmpty());
  const std::string page = core::read_file(written.page);
  EXPECT_THAT(tests::read_html(page).defects, IsEmpty());
  for (const char* part : {"<h2>sizes</h2>", "<h2>later</h2>", "What came later?", ">Study</th>"})
    EXPECT_THAT(page, HasSubstr(part));
  const std::string table = core::read_file(written.page.parent_path() / "tables" / "leaderboard.csv");
  EXPECT_THAT(table, HasSubstr(",later,tiny,"));
  EXPECT_THAT(table, HasSubstr(",sizes,full,"));
  EXPECT_THAT(core::read_file(written.page.parent_path() / "report.md"),
              HasSubstr("## The studies on their own"));
}

TEST(Studies, AreCheckedLikeOne) {
  const TwoStudies both;
  const store::Store store = both.store();
  const WrittenReport written = write_report(store, both.study.runs.path(), kBoth, without_plots());
  const auto check = [&] {
    const tests::TemporaryFolder scratch;
    return check_report(store, both.study.runs.path(), kBoth, {.report = {}, .scratch = scratch.path()})
        .differences;
  };
  EXPECT_THAT(check(), IsEmpty());
  std::string page = core::read_file(written.page);
  page.replace(page.find("<h2>later</h2>"), 14, "<h2>other</h2>");
  core::write_file_atomically(written.page, page);
  EXPECT_THAT(check(), testing::ElementsAre(HasSubstr("index.html: line ")));
}

TEST(Studies, AreRankedApartWhereTheirDataDiffer) {
  const TwoStudies both("0ther");
  const store::Store store = both.store();
  const WrittenReport written = write_report(store, both.study.runs.path(), kBoth, without_plots());
  EXPECT_EQ(written.not_comparable.size(), 2u);
  const ReportModel model = build_model(conclusions::load_studies(store, both.study.runs.path(), kBoth));
  EXPECT_EQ(model.verdict.standing, Standing::kNotComparable);
  const text::Table table = leaderboard_table(model);
  std::vector<std::string> ranks;
  for (const auto& row : table.rows) ranks.push_back(text::shown(row[0], table.columns[0]));
  EXPECT_THAT(ranks, testing::UnorderedElementsAre("1", "2", "3", "1", "2"));
  EXPECT_THAT(table.caption, HasSubstr("ranked apart"));
  EXPECT_THAT(core::read_file(written.page), HasSubstr(">Scored on</th>"));
}

TEST(Studies, OneIsNoComparison) {
  const TwoStudies both;
  const store::Store store = both.store();
  const ReportModel model = build_model(conclusions::load_studies(store, both.study.runs.path(), {"sizes"}));
  EXPECT_THAT(model.studies, IsEmpty());
  EXPECT_THAT(header_html(model, {}), Not(HasSubstr("class=\"studies\"")));
}

TEST(Studies, NeedAFolderOfTheirOwnWhereTheirNamesAreLong) {
  EXPECT_THROW(report_folder("runs", {std::string(120, 'a'), std::string(120, 'b')}), core::UserError);
}

}  // namespace
}  // namespace segbench::reports
