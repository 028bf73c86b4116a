// SPDX-License-Identifier: MIT
#include "harness/core/files.h"
#include "harness/core/study_file.h"
#include "results/store/import_runs.h"
#include "tests/cli/run_command.h"
#include "tests/support/fake_trials.h"
#include "tests/support/temporary_folder.h"

// `segbench report`, its forms and the comparison of studies.

namespace segbench::tests {
namespace {

using testing::HasSubstr;

class ReportCommand : public testing::Test {
 protected:
  ReportCommand() {
    write_fake_study(runs(), fake_trials({"small", "medium"}, {1, 2, 3}));
    std::vector<FakeTrial> later = fake_trials({"large"}, {1, 2, 3});
    for (FakeTrial& trial : later) trial.study = "later";
    write_fake_study(runs(), later);
  }
  std::filesystem::path runs() const { return folder_ / "runs"; }
  CommandOutput report(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"report", "--no-plots"});
    return run_command(cli::add_report, {runs(), "table", 0}, arguments);
  }
  TemporaryFolder folder_;
};

TEST_F(ReportCommand, WritesToStdoutWhatTheFormatSays) {
  const std::filesystem::path folder = runs() / "sizes" / core::kReportFolder;
  EXPECT_EQ(report({"sizes"}).out, (folder / "index.html").string() + "\n");
  const std::string markdown = report({"sizes", "--format", "markdown"}).out;
  EXPECT_EQ(markdown, core::read_file(folder / "report.md"));
  const std::string csv = report({"sizes", "--format", "csv"}).out;
  EXPECT_EQ(csv, core::read_file(folder / "tables" / "leaderboard.csv"));
  EXPECT_FALSE(std::filesystem::exists(folder / "report.tex"));
  EXPECT_EQ(report({"sizes", "--format", "latex"}).out, (folder / "report.tex").string() + "\n");
  EXPECT_EQ(report({"sizes", "--check"}).exit_code, 0) << "report.tex, too, is made again";
  EXPECT_EQ(report({"sizes", "--format", "word"}).exit_code, core::kUsage);
}

TEST_F(ReportCommand, ComparesTheStudiesThatAreNamed) {
  const CommandOutput output = report({"sizes", "la", "sizes"});
  EXPECT_EQ(output.error, "");
  EXPECT_EQ(output.exit_code, 0);
  EXPECT_EQ(output.out, (runs() / "sizes+later" / core::kReportFolder / "index.html").string() + "\n");
  EXPECT_EQ(report({"sizes", "later", "--check"}).exit_code, 0);
  EXPECT_THAT(report({"later", "sizes", "--check"}).error, HasSubstr("there is no report to check"));
  EXPECT_THAT(report({"sizes", "nobody"}).error, HasSubstr("nobody"));
}

TEST_F(ReportCommand, DoesNotTakeItsFolderForAStudy) {
  ASSERT_EQ(report({"sizes", "later"}).exit_code, 0);
  EXPECT_THAT(report({}).error, HasSubstr("There are 2: later, sizes"));
}

}  // namespace
}  // namespace segbench::tests
