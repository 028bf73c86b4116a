// SPDX-License-Identifier: MIT
#include "harness/run/rerun_comparison.h"

#include <gtest/gtest.h>

#include "harness/run/rerun.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/whole_log.h"

namespace segbench::run {
namespace {

using core::Json;

trial::EventLog make_log(std::int64_t tp = 90'000, const std::string& sha = "abc") {
  trial::EventLog log;
  log.events.push_back({{"seq", 0},
                        {"type", "epoch"},
                        {"epoch", 1},
                        {"loss", 0.5},
                        {"time", "now"},
                        {"timing", {{"train_s", 1.0}}}});
  log.events.push_back({{"seq", 1},
                        {"type", "evaluation"},
                        {"epoch", 1},
                        {"split", "selection"},
                        {"tp", {tp, 0}},
                        {"fp", {10'000, 0}},
                        {"fn", {0, 0}}});
  log.events.push_back({{"seq", 2}, {"type", "finished"}, {"weights_sha256", sha}});
  return log;
}

TEST(Reruns, EqualApartFromTimesIsBitwise) {
  trial::EventLog rerun = make_log();
  rerun.events[0]["time"] = "later";
  rerun.events[0]["timing"]["train_s"] = 2.0;
  const RerunComparison comparison = compare_with_rerun(make_log(), rerun);
  EXPECT_EQ(comparison.grade, DeterminismGrade::kBitwise);
  EXPECT_EQ(comparison.first_difference, "");
  EXPECT_EQ(comparison.largest_iou_difference, 0.0);
}

TEST(Reruns, CountsThatDifferAreAnotherResult) {
  EXPECT_EQ(first_different_counts(make_log(), make_log(90'000, "abd")), "");
  EXPECT_EQ(first_different_counts(make_log(), make_log(90'010)),
            "evaluation 1 (selection): tp of class 0 is 90000 and 90010");
  trial::EventLog shorter = make_log();
  shorter.events.erase(shorter.events.begin() + 1);
  EXPECT_EQ(first_different_counts(make_log(), shorter), "1 evaluations and 0");
}

TEST(Reruns, AMeasureThatOneLogDoesNotKnowIsLeftOut) {
  const auto with_measure = [](const char* key, double value) {
    trial::EventLog log = make_log();
    log.events.insert(log.events.begin() + 2,
                      Json{{"seq", 2}, {"type", "measure"}, {"key", key}, {"value", value}});
    log.events.back()["seq"] = 3;
    return log;
  };
  EXPECT_EQ(compare_with_rerun(make_log(), with_measure("ece", 0.1)).grade, DeterminismGrade::kBitwise);
  EXPECT_EQ(compare_with_rerun(with_measure("ece", 0.1), with_measure("ece", 0.1)).grade,
            DeterminismGrade::kBitwise);
  EXPECT_EQ(compare_with_rerun(with_measure("ece", 0.1), with_measure("ece", 0.2)).first_difference,
            "measure: value 0.1 and 0.2");
}

TEST(Reruns, OtherWeightsWithNearlyEqualScoresAreWithinTolerance) {
  const RerunComparison comparison = compare_with_rerun(make_log(), make_log(90'010, "abd"));
  EXPECT_EQ(comparison.grade, DeterminismGrade::kTolerance);
  EXPECT_NEAR(*comparison.largest_iou_difference, 90'010.0 / 100'010 - 0.9, 1e-12);
  EXPECT_EQ(comparison.first_difference, "evaluation 1: tp [90000,0] and [90010,0]");
  EXPECT_EQ(compare_with_rerun(make_log(), make_log(90'000, "abd")).first_difference,
            "finished: weights_sha256 \"abc\" and \"abd\"");
}

TEST(Reruns, OtherScoresAreSeededOnly) {
  EXPECT_EQ(compare_with_rerun(make_log(), make_log(80'000)).grade, DeterminismGrade::kSeeded);
}

TEST(Reruns, AMissingEvaluationCannotBePaired) {
  trial::EventLog rerun = make_log();
  rerun.events.erase(rerun.events.begin() + 1);
  const RerunComparison comparison = compare_with_rerun(make_log(), rerun);
  EXPECT_EQ(comparison.grade, DeterminismGrade::kSeeded);
  EXPECT_EQ(comparison.largest_iou_difference, std::nullopt);
  rerun = make_log();
  rerun.events.pop_back();
  EXPECT_EQ(compare_with_rerun(make_log(), rerun).first_difference, "3 events and 2");
}

TEST(Reruns, OfSumsThatWereTakenInDifferentWaysArePromisedNoMoreThanTolerance) {
  const tests::TemporaryFolder folder;
  const auto promised = [&](const std::string& name, const std::vector<std::string>& ways) {
    std::filesystem::create_directories(folder / name);
    tests::write_whole_log(folder / name);
    trial::EventWriter attempts(folder / name / core::kAttemptsFile);
    std::int64_t number = 0;
    for (const std::string& way : ways)
      attempts.append("started", {{"attempt", ++number}, {"environment", {{"sums_by", way}, {"cpu", "a"}}}});
    attempts.append("ended", {{"attempt", number}, {"status", "complete"}});
    return means_of(folder / name).promised;
  };
  EXPECT_EQ(promised("same", {"NCCL 2.27.3", "NCCL 2.27.3"}), DeterminismGrade::kBitwise);
  EXPECT_EQ(promised("other", {"NCCL 2.27.3", "shared memory"}), DeterminismGrade::kTolerance);
}

TEST(Reruns, AClassThatOnlyOneOfThemPredictsIsADifference) {
  trial::EventLog rerun = make_log();
  rerun.events[1]["fp"] = {10'000, 1};
  EXPECT_EQ(compare_with_rerun(make_log(), rerun).grade, DeterminismGrade::kSeeded);
}

}  // namespace
}  // namespace segbench::run
