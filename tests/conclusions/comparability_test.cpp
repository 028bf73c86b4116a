// SPDX-License-Identifier: MIT
#include "results/conclusions/comparability.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/conclusions/made_up_study.h"

namespace segbench::conclusions {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

/// Three seeds of a and b, whose records `change` makes differ.
StudyInputs differing_study(void (*change)(store::TrialRecord& a, store::TrialRecord& b)) {
  std::vector<TrialInputs> trials;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    TrialInputs a = trial_of("a", seed, 0.6 + 0.001 * static_cast<double>(seed)),
                b = trial_of("b", seed, 0.5);
    for (store::TrialRecord* record : {&a.record, &b.record})
      record->environment = core::Json{{"device", "cuda:0"},     {"gpu", "H200"}, {"gpu_driver", "550.1"},
                                       {"precision", "float32"}, {"cpu", "Xeon"}, {"threads", 4}};
    change(a.record, b.record);
    trials.push_back(a);
    trials.push_back(b);
  }
  StudyInputs inputs = study_of(trials);
  inputs.study.study["claims"] = core::Json::array();
  for (const core::Json& condition : {core::Json{{"better_by", 0.01}}, core::Json{{"faster_by", 0.01}}}) {
    core::Json claim = {{"candidate_id", "a"},
                        {"reference_id", "b"},
                        {"candidate_label", "a"},
                        {"reference_label", "b"},
                        {"metric", "miou"}};
    claim.update(condition);
    inputs.study.study["claims"].push_back(claim);
  }
  return inputs;
}

Conclusions compared(const StudyInputs& inputs, std::vector<std::string> allowed = {}) {
  return conclude(inputs, {.metric = "miou", .split = "test", .allowed = std::move(allowed)});
}

struct Difference {
  std::string key;
  void (*change)(store::TrialRecord& a, store::TrialRecord& b);
};

class OfScores : public testing::TestWithParam<Difference> {};

TEST_P(OfScores, ForbidsVerdictAndClaimsUntilItIsAllowed) {
  const StudyInputs inputs = differing_study(GetParam().change);
  const Conclusions refused = compared(inputs);
  EXPECT_EQ(refused.verdict.standing, Standing::kNotComparable);
  EXPECT_THAT(refused.not_comparable, SizeIs(2));
  EXPECT_THAT(refused.not_comparable_in, ElementsAre(GetParam().key));
  EXPECT_THAT(refused.to_best, IsEmpty());
  EXPECT_EQ(refused.claims.at(0).outcome, "not comparable");
  EXPECT_THAT(refused.claims.at(0).why, HasSubstr("--allow " + GetParam().key));
  const Conclusions allowed = compared(inputs, {GetParam().key});
  EXPECT_EQ(allowed.verdict.standing, Standing::kBetter);
  EXPECT_EQ(allowed.claims.at(0).outcome, "held");
  EXPECT_THAT(allowed.claims.at(0).why, HasSubstr("(waived)"));
  EXPECT_THAT(allowed.allowed, ElementsAre(GetParam().key));
  EXPECT_THAT(compared(inputs, {"machine"}).not_comparable, SizeIs(2)) << "another waiver does not do";
}

INSTANTIATE_TEST_SUITE_P(
    Every, OfScores,
    testing::Values(
        Difference{"data", [](store::TrialRecord& a, store::TrialRecord&) { a.data_fingerprint = "else"; }},
        Difference{"data", [](store::TrialRecord& a, store::TrialRecord&) { a.test_set = "other images"; }},
        Difference{"convention", [](store::TrialRecord& a, store::TrialRecord&) { a.background.reset(); }},
        Difference{"convention",
                   [](store::TrialRecord& a, store::TrialRecord&) {
                     a.class_names = {"sky", "thing"};
                   }},
        Difference{"device",
                   [](store::TrialRecord&, store::TrialRecord& b) { b.environment["device"] = "cpu"; }},
        Difference{"device",
                   [](store::TrialRecord&, store::TrialRecord& b) { b.environment["gpu"] = "A100"; }},
        Difference{"driver",
                   [](store::TrialRecord&, store::TrialRecord& b) { b.environment["gpu_driver"] = "535.2"; }},
        Difference{"precision", [](store::TrialRecord&,
                                   store::TrialRecord& b) { b.environment["precision"] = "bfloat16"; }}),
    [](const auto& test) { return test.param.key + std::to_string(test.index); });

TEST(Comparability, TheNumberOfTheGpuDoesNotMatter) {
  const Conclusions model = compared(differing_study(
      [](store::TrialRecord&, store::TrialRecord& b) { b.environment["device"] = "cuda:1"; }));
  EXPECT_THAT(model.not_comparable, IsEmpty());
  EXPECT_EQ(model.claims.at(0).outcome, "held");
}

TEST(Comparability, OtherProcessorsForbidToCompareTimesAlone) {
  for (const char* key : {"cpu", "threads"}) {
    StudyInputs inputs = differing_study([](store::TrialRecord&, store::TrialRecord&) {});
    for (TrialInputs& trial : inputs.trials) {
      if (trial.record.variant_id == "b") trial.record.environment[key] = 64;
    }
    const Conclusions model = compared(inputs);
    EXPECT_EQ(model.verdict.standing, Standing::kBetter);
    EXPECT_EQ(model.claims.at(0).outcome, "held");
    EXPECT_EQ(model.claims.at(1).outcome, "not comparable");
    EXPECT_NE(compared(inputs, {"machine"}).claims.at(1).outcome, "not comparable");
  }
}

TEST(Comparability, WhatIsNotKnownDiffersFromNothing) {
  const Conclusions model = compared(differing_study([](store::TrialRecord&, store::TrialRecord& b) {
    b.environment = core::Json::object();  // as of predictions that were imported
  }));
  EXPECT_THAT(model.not_comparable, IsEmpty());
  EXPECT_EQ(model.claims.at(0).outcome, "held");
}

}  // namespace
}  // namespace segbench::conclusions
