// SPDX-License-Identifier: MIT
#include "reports/model/shown.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/text/table.h"
#include "reports/tables/tables.h"
#include "tests/conclusions/made_up_study.h"

namespace segbench::reports {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

/// The later variants are better.
ReportModel model_of(int variants, int seeds) {
  std::vector<conclusions::TrialInputs> trials;
  for (int v = 0; v < variants; ++v) {
    for (int seed = 1; seed <= seeds; ++seed)
      trials.push_back(conclusions::trial_of("v" + std::to_string(v), static_cast<std::uint64_t>(seed),
                                             0.3 + 0.001 * v + 0.0001 * (seed % 3)));
  }
  conclusions::StudyInputs inputs = conclusions::study_of(trials);
  inputs.study.study["claims"] = {{{"candidate_id", "v3"},
                                   {"candidate_label", "v3"},
                                   {"reference_id", "v4"},
                                   {"reference_label", "v4"},
                                   {"metric", "pixel_accuracy"},
                                   {"better_by", 0.1}}};
  return build_model(inputs, {.metric = "pixel_accuracy", .split = "test", .allowed = {}});
}

TEST(ShownPart, IsAllOfAStudyThatAPageHolds) {
  const ReportModel model = model_of(100, 11), shown = shown_part(model);
  EXPECT_EQ(shown.leaderboard.size(), 100u);
  EXPECT_EQ(shown.more_variants, 0u);
  EXPECT_EQ(trials_table(shown).rows.size(), 1100u);
  EXPECT_THAT(trials_table(shown).caption, StartsWith("Every trial."));
}

TEST(ShownPart, IsTheBestHundredOfMoreAndThoseThatAreClaimed) {
  const ReportModel model = model_of(130, 10), shown = shown_part(model);
  ASSERT_EQ(shown.leaderboard.size(), 102u);
  EXPECT_EQ(shown.leaderboard[0].id, "v129");
  EXPECT_EQ(shown.leaderboard[99].id, "v30");
  EXPECT_EQ(shown.leaderboard[100].id, "v4");
  EXPECT_EQ(shown.leaderboard[101].id, "v3");
  EXPECT_EQ(shown.more_variants, 28u);
  EXPECT_THAT(leaderboard_table(shown).caption, HasSubstr("28 more are in tables/leaderboard.csv."));
  EXPECT_EQ(trials_table(shown).rows.size(), 1020u);
  EXPECT_THAT(trials_table(shown).caption, HasSubstr("280 more are in tables/trials.csv."));
  EXPECT_EQ(trials_table(model).rows.size(), 1300u) << "the file holds all";
}

}  // namespace
}  // namespace segbench::reports
