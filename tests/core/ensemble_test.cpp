// SPDX-License-Identifier: MIT
#include "harness/core/ensemble.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/identity.h"

namespace segbench::core {
namespace {

using testing::ElementsAre, testing::IsEmpty;

TEST(EnsembleMembers, AreTheTrialsOfOneSeedOrOfSeveralInARow) {
  TrialSpec spec;
  spec.seed = 4, spec.data_fingerprint = "data";
  EXPECT_THAT(member_trials(spec), IsEmpty());
  spec.variant.ensemble = {"a", "b"};
  EXPECT_THAT(member_trials(spec), ElementsAre(trial_id("a", 4, "data"), trial_id("b", 4, "data")));
  spec.variant.ensemble = {"a"}, spec.variant.ensemble_seeds = 3;
  EXPECT_THAT(member_trials(spec),
              ElementsAre(trial_id("a", 4, "data"), trial_id("a", 5, "data"), trial_id("a", 6, "data")));
}

TEST(EnsembleSeeds, ShareNoMember) {
  EXPECT_THAT(seeds_of(1, {3, 1, 2}), ElementsAre(3, 1, 2)) << "what is trained has every seed";
  EXPECT_THAT(seeds_of(3, {3, 1, 2}), ElementsAre(1));
  EXPECT_THAT(seeds_of(3, {1, 2, 3, 4, 5, 6, 7}), ElementsAre(1, 4)) << "the last one is left over";
  EXPECT_THAT(seeds_of(3, {1, 2, 4, 5, 6}), ElementsAre(4)) << "not in a row";
  EXPECT_THAT(seeds_of(3, {1, 3, 5}), IsEmpty());
  EXPECT_THAT(seeds_of(3, {1, 2}), IsEmpty());
}

}  // namespace
}  // namespace segbench::core
