// SPDX-License-Identifier: MIT
#include "reports/check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace segbench::reports {
namespace {

using core::Json;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Check, AgreesWithinRounding) {
  EXPECT_THAT(differences({{"a", 0.1 + 0.2}}, {{"a", 0.3}}), IsEmpty());
  EXPECT_THAT(differences({{"a", 1}}, {{"a", 1.0}}), IsEmpty());
}

TEST(Check, NamesThePlaceByItsLabels) {
  const Json written = {{"leaderboard", {{{"label", "small"}, {"score", {{"mean", 0.4}}}}}}};
  Json now = written;
  now["leaderboard"][0]["score"]["mean"] = 0.5;
  EXPECT_THAT(differences(written, now),
              ElementsAre("leaderboard / small / score / mean: the report says 0.4, the store gives 0.5"));
}

TEST(Check, SeesWhatIsMissingOrNew) {
  EXPECT_THAT(differences({{"a", 1}}, Json::object()),
              ElementsAre("a: the report says 1, the store gives nothing"));
  EXPECT_EQ(differences({{"n", {1, 2}}}, {{"n", {1, 2, 3}}}).size(), 1u);
  EXPECT_EQ(differences({{"n", nullptr}}, {{"n", 0}}).size(), 1u) << "undefined is not 0";
  EXPECT_EQ(differences({{"s", "a"}}, {{"s", "b"}}).size(), 1u);
}

}  // namespace
}  // namespace segbench::reports
