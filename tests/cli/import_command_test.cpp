// SPDX-License-Identifier: MIT
#include "harness/core/files.h"
#include "harness/core/trial.h"
#include "tests/cli/run_command.h"
#include "tests/support/fake_trials.h"
#include "tests/support/temporary_folder.h"

namespace segbench::tests {
namespace {

using testing::HasSubstr;

FakeTrial with_quality(double quality) {
  FakeTrial trial;
  trial.quality = quality;
  return trial;
}

TEST(ImportCommand, TellsContradictingResultsAndOverwritesNone) {
  const TemporaryFolder here, there;
  write_fake_study(here.path(), {with_quality(0.8)});
  write_fake_study(there.path(), {with_quality(0.7)});
  const auto log = here.path() / "sizes/trials" / fake_trial_id(with_quality(0.8)) / core::kEventsFile;
  const std::string before = core::read_file(log);
  const CommandOutput output =
      run_command(cli::add_import, {here.path(), "json", 0}, {"import", there.path().string()});
  EXPECT_EQ(output.exit_code, core::kNotComparable) << output.error;
  EXPECT_THAT(output.err, HasSubstr("conflict: "));
  EXPECT_THAT(output.err, HasSubstr("the same trial with other counts"));
  EXPECT_EQ(output.json().at(0).at("conflicts"), 1);
  EXPECT_EQ(output.json().at(0).at("trials"), 1);
  EXPECT_EQ(core::read_file(log), before);
}

TEST(ImportCommand, OfTheSameResultsIsQuiet) {
  const TemporaryFolder here, there;
  write_fake_study(here.path(), {with_quality(0.8)});
  write_fake_study(there.path(), {with_quality(0.8)});
  const CommandOutput output =
      run_command(cli::add_import, {here.path(), "json", 0}, {"import", there.path().string()});
  EXPECT_EQ(output.exit_code, 0) << output.error;
  EXPECT_EQ(output.json().at(0).at("conflicts"), 0);
}

}  // namespace
}  // namespace segbench::tests
