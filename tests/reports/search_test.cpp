// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "harness/core/files.h"
#include "reports/figures/figure.h"
#include "reports/figures/gnuplot.h"
#include "reports/html/html.h"
#include "reports/model/shown.h"
#include "reports/tables/tables.h"
#include "tests/conclusions/made_up_search.h"
#include "tests/support/temporary_folder.h"

namespace segbench::reports {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsSubsetOf;

/// A search of so many draws, the later ones better, with one variant beside them.
ReportModel model_of(int draws, std::vector<std::int64_t> rungs = {}) {
  conclusions::MadeUpSearch study(std::move(rungs), 3);
  study.inputs.study.study["search"]["space"] = {
      {{"key", "training.optimizer.learning_rate"}, {"log_uniform", {1e-4, 1e-1}}}};
  for (int i = 0; i < draws; ++i) {
    const double score = 0.3 + 0.01 * i;
    study.add({{"training.optimizer.learning_rate", 1e-4 * (i + 1)}}, {score - 0.1, score, score - 0.05},
              score - 0.02);
  }
  study.add({}, {0.2, 0.2, 0.2}, 0.2);
  study.inputs.study.study["search"]["draws"] = draws;
  return build_model(study.inputs, {.metric = "pixel_accuracy", .split = "test", .allowed = {}});
}

std::vector<std::string> names_of_plots(const ReportModel& model) {
  std::vector<std::string> names;
  for (const Plot& plot : make_plots(model)) names.push_back(plot.name);
  return names;
}

const text::Table* find_table(const std::vector<text::Table>& tables, const std::string& name) {
  const auto found =
      std::find_if(tables.begin(), tables.end(), [&](const text::Table& t) { return t.name == name; });
  return found == tables.end() ? nullptr : &*found;
}

TEST(SearchReport, ShowsTheBestTwentyAndTheVariantsBesideThem) {
  const ReportModel model = model_of(50), shown = shown_part(model);
  EXPECT_EQ(shown.leaderboard.size(), 21U);
  EXPECT_EQ(shown.more_variants, 30U);
  EXPECT_EQ(shown.leaderboard[0].id, "v49");
  EXPECT_EQ(shown.leaderboard[20].id, "v50") << "the variant beside the draws, though it is the worst";
  EXPECT_THAT(leaderboard_table(shown).caption, HasSubstr("30 more are in tables/leaderboard.csv."));
  EXPECT_EQ(leaderboard_table(model).rows.size(), 51U) << "the files hold all";
  const auto all = all_tables(model), page = all_tables(shown);
  EXPECT_EQ(find_table(all, "search")->rows.size(), 50U);
  EXPECT_EQ(find_table(page, "search")->rows.size(), 20U);
  EXPECT_EQ(shown.score_curves.size(), 21U);
}

TEST(SearchReport, NamesWhatItDoesNotShow) {
  const ReportModel shown = shown_part(model_of(50));
  EXPECT_EQ(
      conclusions::subject_of({.warning = {}, .source = "trial", .variants = {"v3"}, .trials = {}}, shown),
      "draw v3");
  std::vector<std::string> twenty_one;
  for (int i = 0; i < 21; ++i) twenty_one.push_back("v" + std::to_string(i));
  EXPECT_NE(conclusions::subject_of({.warning = {}, .source = "trial", .variants = twenty_one, .trials = {}},
                                    shown),
            "all variants");
}

TEST(SearchReport, SaysInASentenceForAPaperHowItWasSearched) {
  EXPECT_THAT(model_of(30, {1, 3}).measurement.method,
              Contains(HasSubstr(
                  "Searched settings: training.optimizer.learning_rate; 30 draws (at random, seed 7), a "
                  "budget of 90 trials. The draw with the best pixel accuracy on the selection split was "
                  "chosen; the test split took no part in it. Successive halving (Li et al. 2020) decided "
                  "after 1 of 3 epochs which draws go on.")));
}

TEST(SearchReport, ShowsAllOfFew) {
  const ReportModel model = model_of(12);
  EXPECT_EQ(shown_part(model).leaderboard.size(), 13U);
  EXPECT_EQ(more_text(shown_part(model), "leaderboard"), "");
  EXPECT_THAT(header_html(model, {}), HasSubstr("<b>12</b> of 12 draws complete"));
}

TEST(SearchReport, TellsChoiceImportanceEffectsAndBudget) {
  const std::vector<text::Table> tables = all_tables(model_of(30));
  const std::string search = text::to_csv(*find_table(tables, "search"));
  EXPECT_THAT(search,
              HasSubstr("draw,variant,variant_id,fate,score_after_3,test,gap,epochs,train_seconds,chosen"));
  EXPECT_THAT(search, HasSubstr(",yes"));
  const text::Table* importance = find_table(tables, "search_importance");
  ASSERT_EQ(importance->rows.size(), 1U);
  EXPECT_EQ(importance->rows[0][0].value, "training.optimizer.learning_rate");
  EXPECT_GT(importance->rows[0][1].value.get<double>(), 0.9) << "nothing else was drawn";
  EXPECT_EQ(find_table(tables, "search_effects")->rows.size(), 5U);
  EXPECT_EQ(find_table(tables, "expected_best")->rows.size(), 30U);
}

TEST(SearchReport, AStudyWithoutASearchHasNoneOfIt) {
  const ReportModel model = build_model(
      conclusions::study_of({conclusions::trial_of("a", 1, 0.5), conclusions::trial_of("b", 1, 0.6)}),
      {.metric = "pixel_accuracy", .split = "test", .allowed = {}});
  for (const char* name : {"search", "search_importance", "search_effects", "expected_best"})
    EXPECT_EQ(find_table(all_tables(model), name), nullptr) << name;
  for (const std::string& name : names_of_plots(model)) EXPECT_FALSE(name.starts_with("search_")) << name;
}

TEST(SearchReport, DrawsItsFigures) {
  EXPECT_THAT(names_of_plots(model_of(30, {1, 3})), IsSubsetOf(names_of_plots(model_of(30))))
      << "a halving has no budget curve";
  const std::vector<Plot> plots = make_plots(shown_part(model_of(30)));
  const tests::TemporaryFolder folder;
  std::vector<std::string> scripts, wanted = {"search_course", "search_importance", "expected_best"};
  for (const Plot& plot : plots) {
    if (std::find(wanted.begin(), wanted.end(), plot.name) == wanted.end()) continue;
    core::write_file_atomically(folder / (plot.name + ".gp"), plot.script);
    for (const auto& [file, content] : plot.data) core::write_file_atomically(folder / file, content);
    scripts.push_back(plot.name + ".gp");
    EXPECT_FALSE(plot.description.empty()) << plot.name;
  }
  ASSERT_EQ(scripts.size(), 3U);
  EXPECT_EQ(run_gnuplot(folder.path(), scripts), "");
  for (const std::string& name : wanted)
    EXPECT_GT(std::filesystem::file_size(folder / (name + ".svg")), 1000U) << name;
}

}  // namespace
}  // namespace segbench::reports
