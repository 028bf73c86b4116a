// SPDX-License-Identifier: MIT
// What is concluded from the scores alone is what is concluded from everything.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/study_file.h"
#include "results/conclusions/conclusions.h"
#include "results/store/sqlite.h"
#include "tests/reports/report_fixture.h"

namespace segbench::reports {
namespace {

using conclusions::Reading;
using core::Json;

/// All but what is not read for scores.
Json concluded(const tests::FakeStudy& study, const store::Store& store, Reading reading,
               const conclusions::Options& options) {
  const conclusions::StudyInputs inputs =
      conclusions::load_inputs(store, study.runs.path(), "sizes", reading);
  Json json = to_json(conclusions::conclude(inputs, options));
  for (const char* key : {"ranking", "fronts", "loss_curves", "score_curves", "threshold_curves",
                          "confusions", "failed_attempts"})
    json.erase(key);
  for (Json& excluded : json["excluded"]) excluded.erase("log_tail");
  return json;
}

class ReadingScores : public testing::Test {
 protected:
  void expect_the_same() const {
    const store::Store store = store::Store::open_read_only(file());
    for (const char* split : {"test", "selection"}) {
      for (const char* metric : {"", "pixel_accuracy", "loss"}) {
        const conclusions::Options options{.metric = metric, .split = split, .allowed = {}};
        const Json all = concluded(study_, store, Reading::kAll, options);
        EXPECT_EQ(concluded(study_, store, Reading::kScores, options), all) << split << " " << metric;
        EXPECT_FALSE(all.at("leaderboard").at(0).at("score").at("mean").is_null()) << split << " " << metric;
      }
    }
  }
  std::filesystem::path file() const { return study_.runs.path() / core::kStoreFile; }

  tests::FakeStudy study_;
};

TEST_F(ReadingScores, ConcludesTheSame) {
  tests::FakeTrial failed = study_.trials.at(0);
  failed.end = "error";
  write_fake_trial(study_.runs.path(), failed);
  study_.import();
  expect_the_same();
}

TEST_F(ReadingScores, TakesTheSelectedEpochWhereASplitHasNoFinalEvaluation) {
  study_.import();
  {
    store::Connection connection(file(), store::Connection::Mode::kReadWrite);
    connection.execute("DELETE FROM evaluations WHERE split = 'selection' AND weights = 'selected'");
  }
  expect_the_same();
}

TEST_F(ReadingScores, LeavesOutOtherNumbersWhereNothingAsksForThem) {
  tests::edit_study(study_.runs.path(), "sizes",
                    [](Json& json) { json["claims"] = json["published"] = Json::array(); });
  const store::Store store = study_.import();
  Json all = concluded(study_, store, Reading::kAll, {}),
       scores = concluded(study_, store, Reading::kScores, {});
  EXPECT_FALSE(all.at("leaderboard").at(0).at("metrics").empty());
  for (Json* json : {&all, &scores}) {
    for (Json& entry : (*json)["leaderboard"]) {
      for (const char* key : {"metrics", "classes", "recorded"}) entry.erase(key);
    }
  }
  EXPECT_EQ(scores, all);
  // Of one split, what is concluded of the other one alone differs.
  const conclusions::StudyInputs of_test =
      conclusions::load_inputs(store, study_.runs.path(), "sizes", Reading::kScores, "test");
  EXPECT_EQ(of_test.trials.at(0).evaluations.size(), 1u);
  const Json test = to_json(conclusions::conclude(of_test, {}));
  for (const char* key : {"verdict", "to_best"}) EXPECT_EQ(test.at(key), all.at(key)) << key;
}

TEST_F(ReadingScores, ReadsTheTestSplitByWhichLooksAreTaken) {
  tests::edit_study(study_.runs.path(), "sizes", [](Json& json) {
    json["until"] = {{"first_look", 3}, {"look_every", 3}};
  });
  const store::Store store = study_.import();
  const conclusions::StudyInputs inputs =
      conclusions::load_inputs(store, study_.runs.path(), "sizes", Reading::kScores, "selection");
  const auto sequential =
      conclusions::conclude(inputs, {.metric = "", .split = "selection", .allowed = {}}).sequential;
  ASSERT_TRUE(sequential);
  ASSERT_EQ(sequential->looks.size(), 1u);
  EXPECT_EQ(sequential->looks[0].trials.size(), 9u);
}

TEST_F(ReadingScores, ReadsNoMoreThanTheScoresStandOn) {
  const store::Store store = study_.import();
  const conclusions::StudyInputs inputs =
      conclusions::load_inputs(store, study_.runs.path(), "sizes", Reading::kScores);
  ASSERT_EQ(inputs.trials.size(), 9u);
  for (const conclusions::TrialInputs& trial : inputs.trials) {
    EXPECT_TRUE(trial.epochs.empty());
    EXPECT_TRUE(trial.attempts.empty());
    EXPECT_EQ(trial.evaluations.size(), 2u);
    for (const store::EvaluationRecord& evaluation : trial.evaluations) EXPECT_FALSE(evaluation.confusion);
  }
}

}  // namespace
}  // namespace segbench::reports
