// SPDX-License-Identifier: MIT
#include "reports/model/model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/error.h"
#include "reports/html/html.h"
#include "tests/conclusions/made_up_study.h"
#include "tests/reports/report_fixture.h"

namespace segbench::reports {
namespace {

using ::testing::HasSubstr;

TEST(Model, TellsOfAttemptsThatFailedAndOfNoGradeThatNobodyFound) {
  std::vector<TrialInputs> trials = {conclusions::trial_of("a", 1, 0.5), conclusions::trial_of("a", 2, 0.6)};
  for (TrialInputs& trial : trials) trial.record.environment["determinism"] = {{"grade", "bitwise"}};
  store::AttemptRecord crashed, complete;
  crashed.attempt = 1, crashed.status = "failed", crashed.reason = "crashed", crashed.message = "signal 11";
  complete.attempt = 2, complete.status = "complete";
  trials[0].attempts = {crashed, complete};
  const ReportModel model = build_model(conclusions::study_of(trials));
  ASSERT_EQ(model.failed_attempts.size(), 1u);
  EXPECT_EQ(model.failed_attempts[0].message, "signal 11");
  EXPECT_TRUE(model.excluded.empty());
  const std::string page = excluded_html(model);
  EXPECT_THAT(page, HasSubstr("signal 11"));
  EXPECT_THAT(page, ::testing::Not(HasSubstr("Nothing")));
  EXPECT_THAT(to_json(model)["measurement"]["environment"].dump(), ::testing::Not(HasSubstr("bitwise")));
}

TEST(Model, LoadsAWholeStudyFromTheStore) {
  const tests::FakeStudy study;
  const store::Store store = study.import();
  const ReportModel model = build_model(conclusions::load_inputs(store, study.runs.path(), "sizes"));
  EXPECT_EQ(model.complete, 9);
  EXPECT_EQ(model.leaderboard.at(0).label, "full");
  EXPECT_EQ(model.claims.size(), 2u) << "one line a condition";
  EXPECT_EQ(model.published.at(0).value, 788.4);
  EXPECT_EQ(model.loss_curves.at(0).points.size(), 6u);
  EXPECT_EQ(model.measurement.audit_warnings.at(0), "a.png: stands in train and test");
  EXPECT_THROW(conclusions::load_inputs(store, study.runs.path(), "sizer"), core::UserError);
}

}  // namespace
}  // namespace segbench::reports
