// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/conclusions/made_up_study.h"

namespace segbench::conclusions {
namespace {

// Claims: candidate a, reference b, a margin; three seeds.

std::string outcome(const std::vector<double>& a, const std::vector<double>& b, const core::Json& condition) {
  std::vector<TrialInputs> trials;
  for (std::size_t i = 0; i < a.size(); ++i) {
    trials.push_back(trial_of("a", i, a[i]));
    trials.push_back(trial_of("b", i, b[i]));
  }
  StudyInputs inputs = study_of(trials);
  core::Json claim = {{"candidate_id", "a"},
                      {"reference_id", "b"},
                      {"candidate_label", "a"},
                      {"reference_label", "b"},
                      {"metric", "pixel_accuracy"}};
  claim.update(condition);
  inputs.study.study["claims"] = {claim};
  return conclude(inputs, {.metric = "pixel_accuracy", .split = "test", .allowed = {}}).claims.at(0).outcome;
}

TEST(Claims, AreDecidedByTheWholeInterval) {
  EXPECT_EQ(outcome({0.5, 0.51, 0.52}, {0.5, 0.51, 0.521}, {{"not_worse_by", 0.01}}), "held");
  EXPECT_EQ(outcome({0.4, 0.41, 0.42}, {0.5, 0.51, 0.521}, {{"not_worse_by", 0.01}}), "refuted");
  EXPECT_EQ(outcome({0.4, 0.6, 0.5}, {0.5, 0.5, 0.5}, {{"not_worse_by", 0.01}}), "inconclusive");
  EXPECT_EQ(outcome({0.5, 0.51}, {0.5, 0.51}, {{"not_worse_by", 0.01}}), "not decided");
  EXPECT_EQ(outcome({0.6, 0.61, 0.62}, {0.5, 0.51, 0.521}, {{"better_by", 0.05}}), "held");
  EXPECT_EQ(outcome({0.6, 0.61, 0.62}, {0.5, 0.51, 0.521}, {{"better_by", 0.2}}), "refuted");
}

TEST(Claims, CompareTimesAsShares) {  // the made-up training time is 100 s times the accuracy
  EXPECT_EQ(outcome({0.5, 0.51, 0.52}, {0.9, 0.91, 0.92}, {{"faster_by", 0.15}}), "held");
  EXPECT_EQ(outcome({0.9, 0.91, 0.92}, {0.5, 0.51, 0.52}, {{"faster_by", 0.15}}), "refuted");
}

TEST(Claims, OfEquivalenceNeedTheWholeIntervalWithin) {
  EXPECT_EQ(outcome({0.5, 0.51, 0.52}, {0.5, 0.51, 0.521}, {{"equivalent_within", 0.01}}), "held");
  EXPECT_EQ(outcome({0.6, 0.61, 0.62}, {0.5, 0.51, 0.521}, {{"equivalent_within", 0.01}}), "refuted");
  EXPECT_EQ(outcome({0.4, 0.6, 0.5}, {0.5, 0.5, 0.5}, {{"equivalent_within", 0.01}}), "inconclusive");
}

TEST(Claims, MaySpeakOfOneClass) {
  // pixel accuracy 0.5 gives both classes the IoU 1/3
  EXPECT_EQ(outcome({0.5, 0.51, 0.52}, {0.4, 0.41, 0.421}, {{"better_by", 0.05}, {"class", "thing"}}),
            "held");
  EXPECT_EQ(outcome({0.5, 0.51, 0.52}, {0.4, 0.41, 0.421}, {{"better_by", 0.05}, {"class", "nothing"}}),
            "not decided");
}

TEST(Claims, OfSizeNeedNoSeeds) {
  std::vector<TrialInputs> trials = {trial_of("a", 1, 0.5), trial_of("b", 1, 0.5)};
  trials[0].record.measures = {{"parameters", 50.0}, {"macs", 90.0}};
  trials[1].record.measures = {{"parameters", 100.0}, {"macs", 100.0}};
  StudyInputs inputs = study_of(trials);
  core::Json claim = {{"candidate_id", "a"},
                      {"reference_id", "b"},
                      {"candidate_label", "a"},
                      {"reference_label", "b"},
                      {"smaller_by", 0.4}};
  core::Json of_macs = claim, of_just_half = claim;
  of_macs["size"] = "macs";
  of_just_half["smaller_by"] = 0.5;
  inputs.study.study["claims"] = {claim, of_macs, of_just_half};
  const std::vector<ClaimResult> claims =
      conclude(inputs, {.metric = "miou", .split = "test", .allowed = {}}).claims;
  ASSERT_EQ(claims.size(), 3u);
  EXPECT_EQ(claims[0].outcome, "held");
  EXPECT_EQ(claims[0].claim, 1u);
  EXPECT_EQ(claims[1].outcome, "refuted");
  EXPECT_EQ(claims[1].claim, 2u);
  EXPECT_EQ(claims[2].outcome, "held") << "at least a half: " << claims[2].why;
}

TEST(Claims, RefuseWhatIsNotComparableUnlessItIsAllowed) {
  std::vector<TrialInputs> trials;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    trials.push_back(trial_of("a", seed, 0.6 + 0.001 * static_cast<double>(seed)));
    trials.push_back(trial_of("b", seed, 0.5));
    trials.back().record.environment["precision"] = "bfloat16";
    trials.front().record.environment["precision"] = "float32";
  }
  StudyInputs inputs = study_of(trials);
  inputs.study.study["claims"] = {{{"candidate_id", "a"},
                                   {"reference_id", "b"},
                                   {"candidate_label", "a"},
                                   {"reference_label", "b"},
                                   {"metric", "miou"},
                                   {"better_by", 0.01}}};
  const ClaimResult refused =
      conclude(inputs, {.metric = "miou", .split = "test", .allowed = {}}).claims.at(0);
  EXPECT_EQ(refused.outcome, "not comparable");
  EXPECT_THAT(refused.why, testing::HasSubstr("differ in precision (`segbench check --allow precision`"));
  EXPECT_EQ(
      conclude(inputs, {.metric = "miou", .split = "test", .allowed = {"precision"}}).claims.at(0).outcome,
      "held");
}

/// A study whose images 0 … 7 show thing on 10, 20, … pixels of 100; b is right but for a tenth of them, a
/// also on the images that show much.
class ClaimsOfImages : public testing::Test {
 protected:
  ClaimsOfImages() {
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
      for (const char* variant : {"a", "b"}) {
        trials_.push_back(trial_of(variant, seed, 0.5));
        trials_.back().record.variant_label = variant;
      }
    }
  }

  static std::vector<store::ImageRecord> images_of(const std::string& trial) {
    std::vector<store::ImageRecord> images;
    const std::int64_t seed = trial.back() - '0';
    for (std::int64_t i = 0; i < 8; ++i) {
      const std::int64_t shown = 10 * i;
      const bool is_worse = trial[0] == 'b' && i >= 4;
      const std::int64_t missed = (is_worse ? 10 : 2) + (seed + i) % 2;
      images.push_back({.index = i,
                        .id = (i % 2 == 0 ? "street" : "yard") + std::to_string(i),
                        .valid_pixels = 100,
                        .counts = {{100 - shown, std::min(missed, shown), 0},
                                   {std::max<std::int64_t>(0, shown - missed), 0, std::min(missed, shown)}}});
    }
    return images;
  }

  ClaimResult judge(const core::Json& condition, const std::string& split = "test") const {
    StudyInputs inputs = study_of(trials_);
    inputs.images = [](const std::string& trial, const std::string&) { return images_of(trial); };
    core::Json claim = {{"candidate_id", "a"},
                        {"reference_id", "b"},
                        {"candidate_label", "a"},
                        {"reference_label", "b"},
                        {"metric", "miou"}};
    claim.update(condition);
    inputs.study.study["claims"] = {claim};
    return conclude(inputs, {.metric = "miou", .split = split, .allowed = {}}).claims.at(0);
  }

  std::vector<TrialInputs> trials_;
};

TEST_F(ClaimsOfImages, CountOnlyThem) {
  const ClaimResult large = judge({{"better_by", 0.01}, {"images_covered", {0.35, 1}}});
  EXPECT_EQ(large.outcome, "held") << large.why;
  EXPECT_EQ(large.difference->evidence.images, 4u);
  EXPECT_THAT(large.text,
              testing::EndsWith("on test images with 35.0 to 100.0% of their pixels not background"));
  const ClaimResult small = judge({{"equivalent_within", 0.05}, {"images_covered", {0, 0.35}}});
  EXPECT_EQ(small.outcome, "held") << small.why;
  EXPECT_NEAR(*small.difference->difference.mean, 0, 1e-12);
  // Counted by hand: IoU of thing on images 4 to 7 with seed 1, a misses 3, 2, 3, 2 of 220 pixels.
  const ClaimResult of_class = judge(
      {{"better_by", 0.01}, {"metric", core::Json()}, {"class", "thing"}, {"images_covered", {0.35, 1}}});
  EXPECT_NEAR(of_class.candidate_score.values.at(0), 210.0 / 220.0, 1e-12);
  EXPECT_NEAR(of_class.reference_score.values.at(0), 178.0 / 220.0, 1e-12);
}

TEST_F(ClaimsOfImages, MayNameThemByIdFormOrClass) {
  EXPECT_EQ(judge({{"better_by", 0.01}, {"images_like", "street*"}}).difference->evidence.images, 4u);
  EXPECT_EQ(judge({{"better_by", 0.01}, {"images_showing", "thing"}}).difference->evidence.images, 7u)
      << "image 0 shows none";
  const ClaimResult listed = judge({{"better_by", 0.01}, {"images", {"street4", "yard5", "street6"}}});
  EXPECT_EQ(listed.difference->evidence.images, 3u);
  EXPECT_THAT(listed.text, testing::EndsWith("on test images of a list of 3"));
}

TEST_F(ClaimsOfImages, AreNotDecidedWhereAnImageIsMissing) {
  const ClaimResult missing = judge({{"better_by", 0.01}, {"images", {"street4", "nowhere"}}});
  EXPECT_EQ(missing.outcome, "not decided");
  EXPECT_EQ(missing.why, "1 of the listed images is no test image: nowhere");
  EXPECT_EQ(judge({{"better_by", 0.01}, {"images_like", "beach*"}}).why, "no image is like that");
  EXPECT_EQ(judge({{"better_by", 0.01}, {"images_showing", "boat"}}).why, "no image is like that");
}

/// Rows of one session: a takes `share` of b's time, in rounds that drift together.
std::vector<store::LatencyRecord> latencies_of(double share, const std::string& engine, std::size_t rounds) {
  std::vector<store::LatencyRecord> records;
  for (const char* trial : {"a-1", "b-1"}) {
    store::LatencyRecord record;
    record.session = "study/profile/s", record.trial_id = trial, record.engine = engine;
    for (std::size_t r = 0; r < rounds; ++r) {
      const double drift = 1 + 0.1 * static_cast<double>(r % 3);
      const double noise = 1 + 0.01 * static_cast<double>((r + (trial[0] == 'a' ? 1 : 0)) % 2);
      record.seconds[static_cast<std::int64_t>(r)] = {drift * noise * (trial[0] == 'a' ? share : 1)};
    }
    records.push_back(std::move(record));
  }
  return records;
}

ClaimResult latency_claim(const std::vector<store::LatencyRecord>& latencies, double faster_by) {
  StudyInputs inputs = study_of({trial_of("a", 1, 0.5), trial_of("b", 1, 0.5)});
  inputs.latencies = latencies;
  inputs.study.study["claims"] = {{{"candidate_id", "a"},
                                   {"reference_id", "b"},
                                   {"candidate_label", "a"},
                                   {"reference_label", "b"},
                                   {"measure", "latency"},
                                   {"faster_by", faster_by}}};
  return conclude(inputs).claims.at(0);
}

TEST(Claims, OfLatencyArePairedByRound) {
  const std::vector<store::LatencyRecord> eager = latencies_of(0.8, "eager", 12);
  const ClaimResult held = latency_claim(eager, 0.15);
  EXPECT_EQ(held.outcome, "held") << held.why;
  EXPECT_EQ(held.text, "a predicts at least 15.0% faster than b");
  EXPECT_NEAR(*held.difference->difference.mean, 0.2, 0.005);
  EXPECT_THAT(held.why, testing::HasSubstr("paired by 12 rounds"));
  EXPECT_EQ(latency_claim(eager, 0.3).outcome, "refuted");
  EXPECT_EQ(latency_claim(latencies_of(0.8, "eager", 2), 0.15).outcome, "not decided");
  EXPECT_THAT(latency_claim({}, 0.15).why, testing::HasSubstr("no session of `segbench profile`"));
}

TEST(Claims, OfLatencyAreDecidedByTheLeastFavourableEngine) {
  std::vector<store::LatencyRecord> both = latencies_of(0.8, "eager", 12);
  for (store::LatencyRecord& record : latencies_of(0.95, "plan", 12)) both.push_back(std::move(record));
  const ClaimResult refuted = latency_claim(both, 0.15);
  EXPECT_EQ(refuted.outcome, "refuted");
  EXPECT_THAT(refuted.why, testing::HasSubstr("the least favourable, plan"));
}

TEST(Claims, SayWhenTheStudyHasNoSuchVariant) {
  StudyInputs inputs = study_of({trial_of("a", 1, 0.5)});
  inputs.study.study["claims"] = {{{"candidate_id", "a"},
                                   {"reference_id", "gone"},
                                   {"candidate_label", "a"},
                                   {"reference_label", "gone"},
                                   {"metric", "miou"},
                                   {"better_by", 0.1}}};
  EXPECT_EQ(conclude(inputs).claims.at(0).outcome, "not decided");
}

}  // namespace
}  // namespace segbench::conclusions
