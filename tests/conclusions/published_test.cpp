// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "results/conclusions/replication.h"
#include "tests/conclusions/made_up_study.h"

namespace segbench::conclusions {
namespace {

using core::Json;
using ::testing::HasSubstr, ::testing::Not;

/// Two variants of three seeds: "a" scores about 0.50, "b" about 0.80, and both 0.476 by a measure that was
/// fed wrongly.
StudyInputs two_variants() {
  std::vector<TrialInputs> trials;
  for (const auto& [variant, accuracy] : {std::pair{"a", 0.50}, {"b", 0.80}}) {
    for (const int seed : {1, 2, 3}) {
      TrialInputs trial = trial_of(variant, static_cast<std::uint64_t>(seed), accuracy + 0.001 * seed);
      for (store::EvaluationRecord& evaluation : trial.evaluations)
        evaluation.measures["published_voc_course_mean_iou"] = 0.476190476;
      trials.push_back(std::move(trial));
    }
  }
  StudyInputs inputs = study_of(trials);
  for (const char* variant : {"a", "b"})
    inputs.study.study["variants"].push_back(
        {{"id", variant}, {"label", variant}, {"axes", {{"training.epochs", *variant == 'a' ? 25 : 75}}}});
  for (const TrialInputs& trial : trials) inputs.study.study["trials"].push_back(trial.record.trial_id);
  return inputs;
}

PublishedNumber judged(const StudyInputs& study, double value, const Json& more = Json::object()) {
  StudyInputs inputs = study;
  Json number = {{"variant_id", "a"},        {"variant_label", "a"}, {"metric", "pixel_accuracy"},
                 {"source", "their report"}, {"value", value},       {"statistic", "best of 3 runs"}};
  number.update(more);
  inputs.study.study["published"] = {number};
  return conclude(inputs, {.metric = "pixel_accuracy", .split = "test"}).published.at(0);
}

const Json kOtherVariant = {
    {"explained_by", {{{"variant", "b"}, {"variant_id", "b"}, {"variant_label", "b"}}}}};
const Json kConvention = {{"convention", "published_voc_course_mean_iou"}};

TEST(Published, AgreesWithinWhatSuchARunMayGive) {
  const StudyInputs study = two_variants();
  // 0.501, 0.502, 0.503: one more run lies within 0.502 ± 4.303 * 0.001 * sqrt(4 / 3) = [0.497, 0.507].
  EXPECT_EQ(judged(study, 0.5065).outcome, "agrees");
  EXPECT_EQ(judged(study, 0.5085).outcome, "disagrees");
  EXPECT_EQ(judged(study, 0.5085, {{"best_of", 3}}).outcome, "agrees") << "the best of three is larger";
  EXPECT_EQ(judged(study, 0.495, {{"best_of", 3}}).outcome, "disagrees");
  EXPECT_EQ(judged(study, 0.5065, {{"mean_of", 10}}).outcome, "disagrees") << "a mean spreads less";
  const PublishedNumber number = judged(study, 0.5065);
  EXPECT_EQ(
      number.sentence,
      "their report, a: pixel accuracy 0.5065 (best of 3 runs): agrees; ours is 0.5020 [0.4995, 0.5045] "
      "(n = 3), by which 0.4970 to 0.5070 is to be expected");
  EXPECT_THAT(judged(study, 0.6).sentence, HasSubstr("no cause is named"));
}

TEST(Published, IsRoundedAsItWasWritten) {
  EXPECT_EQ(judged(two_variants(), 0.51).outcome, "agrees") << "0.505 may have been printed as 0.51";
  EXPECT_EQ(judged(two_variants(), 0.4).outcome, "disagrees") << "a score has at least two decimals";
}

TEST(Published, IsExplainedByTheConventionOfItsAuthors) {
  const PublishedNumber number = judged(two_variants(), 0.476, kConvention);
  EXPECT_EQ(number.outcome, "explained by its convention");
  ASSERT_EQ(number.replications.size(), 2U);
  EXPECT_NEAR(*number.replications[0].ours.mean, 0.502, 1e-9) << "the sound one stands beside it";
  EXPECT_NEAR(*number.replications[1].ours.mean, 0.476190476, 1e-9);
  EXPECT_EQ(number.replications[1].ours.trials.size(), 3U);
  EXPECT_THAT(number.sentence, HasSubstr("ours is 0.5020"));
  EXPECT_THAT(number.sentence, HasSubstr("by published_voc_course_mean_iou (Keras MeanIoU fed with one-hot"));
  EXPECT_THAT(number.sentence, ::testing::EndsWith("it is 0.476 (n = 3)")) << "no range that is none";
  EXPECT_EQ(judged(two_variants(), 0.6, kConvention).outcome, "disagrees");
}

TEST(Published, IsScoredByConventionsOfStoredCounts) {
  // Two classes of 1000 pixels, right with 0.502: IoU = 502 / (1000 + 498) each.
  const PublishedNumber number = judged(two_variants(), 0.3351, {{"convention", "iou_micro"}});
  EXPECT_EQ(number.outcome, "explained by its convention");
  EXPECT_NEAR(number.replications[1].ours.values.at(1), 502.0 / 1498, 1e-12);
}

TEST(Published, IsExplainedByAVariantThatDoesWhatTheAuthorsDid) {
  const PublishedNumber number = judged(two_variants(), 0.801, kOtherVariant);
  EXPECT_EQ(number.outcome, "explained by another variant");
  EXPECT_THAT(number.sentence, HasSubstr("but b (training.epochs = 75 instead of 25) by pixel accuracy it is "
                                         "0.8020"));
  Json both = kOtherVariant;
  both.update({{"convention", "iou_micro"}});
  EXPECT_EQ(judged(two_variants(), 0.669, both).outcome, "explained by its convention and another variant");
  EXPECT_EQ(judged(two_variants(), 0.502, kOtherVariant).outcome, "agrees") << "nothing is left to explain";
}

TEST(Published, IsNotDecidedWithoutItsTrials) {
  StudyInputs study = two_variants();
  study.trials.erase(study.trials.begin());
  const PublishedNumber few = judged(study, 0.476, kConvention);
  EXPECT_EQ(few.outcome, "not decided");
  EXPECT_THAT(few.sentence, HasSubstr("as 3 trials or more are needed; ours is 0.5025"));
  EXPECT_THAT(few.sentence, HasSubstr("0.476")) << "what the convention gives is told all the same";
  StudyInputs unmeasured = two_variants();
  for (TrialInputs& trial : unmeasured.trials)
    for (store::EvaluationRecord& evaluation : trial.evaluations) evaluation.measures.clear();
  const PublishedNumber none = judged(unmeasured, 0.476, kConvention);
  EXPECT_EQ(none.outcome, "disagrees");
  EXPECT_EQ(none.replications.at(1).outcome, "not measured");
  EXPECT_THAT(none.sentence, HasSubstr("undefined"));
  EXPECT_EQ(judged(study, 0.5, {{"variant_id", "gone"}}).outcome, "not decided");
}

TEST(Published, DoesNotJudgeTimes) {
  const PublishedNumber number = judged(two_variants(), 50, {{"metric", "train_seconds"}});
  EXPECT_EQ(number.outcome, "not judged");
  EXPECT_THAT(number.sentence, HasSubstr("as it depends on the machine; ours: 50 s (n = 3)"));
}

TEST(Published, ExpectsNothingThatCannotBe) {
  std::vector<TrialInputs> trials;
  for (const int seed : {1, 2, 3})
    trials.push_back(trial_of("a", static_cast<std::uint64_t>(seed), 0.3 * seed));
  const PublishedNumber number = judged(study_of(trials), 0.5);
  EXPECT_EQ(number.replications.at(0).expected, (statistics::Interval{0, 1}));
}

TEST(Published, IsPartOfTheJson) {
  StudyInputs inputs = two_variants();
  inputs.study.study["published"] = {{{"variant_id", "a"},
                                      {"variant_label", "a"},
                                      {"metric", "pixel_accuracy"},
                                      {"source", "x"},
                                      {"value", 0.476},
                                      {"convention", "published_voc_course_mean_iou"}}};
  const Json json = to_json(conclude(inputs, {.metric = "pixel_accuracy", .split = "test"}))["published"][0];
  EXPECT_EQ(json["outcome"], "explained by its convention");
  EXPECT_EQ(json["replications"][1]["by"], "published_voc_course_mean_iou");
  EXPECT_EQ(json["replications"][1]["outcome"], "agrees");
  EXPECT_NEAR(json["replications"][0]["expected"][0].get<double>(), 0.497, 1e-3);
}

}  // namespace
}  // namespace segbench::conclusions
