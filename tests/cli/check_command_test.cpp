// SPDX-License-Identifier: MIT
#include "harness/core/files.h"
#include "harness/core/study_file.h"
#include "harness/core/trial.h"
#include "tests/cli/run_command.h"
#include "tests/support/fake_trials.h"
#include "tests/support/temporary_folder.h"

namespace segbench::tests {
namespace {

using core::Json;
using testing::HasSubstr, testing::Not;

class CheckCommand : public testing::Test {
 protected:
  CheckCommand() : trials_(fake_trials({"small", "medium"}, {1, 2, 3, 4})) {}

  std::filesystem::path runs() const { return folder_ / "runs"; }

  /// A study whose claims are about the medium (candidate, better) and the small variant.
  void write(const std::vector<Json>& conditions) {
    write_fake_study(runs(), trials_);
    const std::filesystem::path file = runs() / "sizes" / core::kStudyFile;
    Json study = Json::parse(core::read_file(file));
    for (const Json& condition : conditions) {
      Json claim = {{"candidate_id", fake_variant(trials_.back()).id},
                    {"candidate_label", "medium"},
                    {"reference_id", fake_variant(trials_.front()).id},
                    {"reference_label", "small"},
                    {"metric", "miou"}};
      claim.update(condition);
      study["claims"].push_back(claim);
    }
    core::write_file_atomically(file, study.dump());
  }

  CommandOutput check(std::vector<std::string> arguments, const std::string& format = "json") const {
    arguments.insert(arguments.begin(), "check");
    return run_command(cli::add_check, {runs(), format, 0}, arguments);
  }

  TemporaryFolder folder_;
  std::vector<FakeTrial> trials_;
};

TEST_F(CheckCommand, ExitsByTheWorstClaim) {
  write({{{"better_by", 0.01}}});
  EXPECT_EQ(check({}).exit_code, 0);
  write({{{"better_by", 0.01}}, {{"better_by", 0.9}}});
  EXPECT_EQ(check({}).exit_code, core::kTrialFailed);
  // The class counts of these trials are fixed but for their quality: equivalence just beyond the mean is
  // open.
  trials_.resize(5);  // one seed of the medium variant: no verdict
  write({{{"better_by", 0.01}}});
  EXPECT_EQ(check({}).exit_code, core::kInconclusive);
  EXPECT_EQ(check({}).json().at("items")[0].at("conditions")[0].at("outcome"), "not decided");
}

TEST_F(CheckCommand, AClaimHoldsWhenAllOfItsConditionsDo) {
  write({{{"better_by", 0.01}, {"smaller_by", 0.5}}});
  for (FakeTrial& trial : trials_) trial.parameters = trial.label == "medium" ? 100 : 1'000;
  write({{{"better_by", 0.01}, {"smaller_by", 0.5}}});
  const CommandOutput output = check({});
  EXPECT_EQ(output.exit_code, 0) << output.out;
  ASSERT_EQ(output.json().at("items").size(), 1u);
  EXPECT_EQ(output.json().at("items")[0].at("conditions").size(), 2u);
  write({{{"better_by", 0.01}, {"smaller_by", 0.95}}});
  EXPECT_EQ(check({}).exit_code, core::kTrialFailed);
  EXPECT_THAT(check({}, "table").out, HasSubstr("refuted"));
}

TEST_F(CheckCommand, RefusesTrialsOfOtherDataUnlessItIsAllowed) {
  for (FakeTrial& trial : trials_) trial.data_fingerprint = trial.label == "small" ? "beef" : "f00d";
  write({{{"better_by", 0.01}}});
  const CommandOutput refused = check({});
  EXPECT_EQ(refused.exit_code, core::kNotComparable);
  EXPECT_THAT(refused.out, HasSubstr("--allow data"));
  const CommandOutput allowed = check({"--allow", "data"});
  EXPECT_EQ(allowed.exit_code, 0);
  EXPECT_EQ(allowed.json().at("allowed"), Json({"data"})) << "what was waived is told";
  EXPECT_THAT(allowed.err, HasSubstr("differences in data were waived"));
}

TEST_F(CheckCommand, CompareRefusesThemTooAndTellsWhatWasWaived) {
  for (FakeTrial& trial : trials_) trial.data_fingerprint = trial.label == "small" ? "beef" : "f00d";
  write({});
  const CommandOutput refused = run_command(cli::add_compare, {runs(), "json", 0}, {"compare"});
  EXPECT_EQ(refused.exit_code, core::kNotComparable);
  EXPECT_THAT(refused.error, HasSubstr("data beef"));
  const CommandOutput allowed =
      run_command(cli::add_compare, {runs(), "json", 0}, {"compare", "--allow", "data"});
  EXPECT_EQ(allowed.exit_code, 0) << allowed.error;
  EXPECT_THAT(allowed.err, HasSubstr("differences in data were waived"));
}

TEST_F(CheckCommand, WritesJUnitXml) {
  write({{{"better_by", 0.01}}, {{"better_by", 0.9}}});
  const std::filesystem::path file = folder_ / "claims.xml";
  EXPECT_EQ(check({"--junit", file.string()}).exit_code, core::kTrialFailed);
  const std::string xml = core::read_file(file);
  EXPECT_THAT(xml, HasSubstr("<testsuite name=\"segbench sizes\" tests=\"2\" failures=\"1\" errors=\"0\">"));
  EXPECT_THAT(xml, HasSubstr("<testcase classname=\"sizes\" name=\"claim 2: medium is better than small"));
  EXPECT_THAT(xml, HasSubstr("<failure type=\"refuted\" message=\"refuted\">"));
}

TEST_F(CheckCommand, NothingToCheckIsAnError) {
  write({});
  EXPECT_THAT(check({}).error, HasSubstr("nothing to check"));
}

TEST_F(CheckCommand, ABaselineMustNotBeBetter) {
  write({});
  ASSERT_EQ(run_command(cli::add_import, {runs(), "json", 0}, {"import"}).error, "");
  const std::filesystem::path old = folder_ / "old.sqlite";
  std::filesystem::copy_file(runs() / core::kStoreFile, old);
  const CommandOutput same = check({"--baseline", old.string()});
  EXPECT_EQ(same.exit_code, 0) << same.out << same.error;
  EXPECT_THAT(same.out, HasSubstr("small is not worse than small of the baseline"));

  for (FakeTrial& trial : trials_) {
    if (trial.label == "medium") trial.quality -= 0.2, trial.data_fingerprint = "f00d";
  }
  write({});
  ASSERT_EQ(run_command(cli::add_import, {runs(), "json", 0}, {"import", "--rebuild"}).error, "");
  EXPECT_EQ(check({"--baseline", old.string()}).exit_code, core::kTrialFailed);
  EXPECT_EQ(check({"--baseline", old.string(), "--margin", "0.5"}).exit_code, 0);
  EXPECT_NE(check({"--baseline", (folder_ / "gone.sqlite").string()}).error, "");
}

TEST_F(CheckCommand, CompareSaysTheVerdictAndTheClaimsInWords) {
  write({{{"better_by", 0.01}}});
  const CommandOutput output = run_command(cli::add_compare, {runs(), "json", 0}, {"compare"});
  EXPECT_THAT(output.err, HasSubstr("Better: medium has the highest mean"));
  EXPECT_THAT(output.err, HasSubstr("paired by seed and image"));
  EXPECT_THAT(output.err, HasSubstr("claim 1: medium is better than small by more than 0.010 (mIoU): held"));
}

}  // namespace
}  // namespace segbench::tests
