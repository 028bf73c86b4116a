// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/core/json.h"
#include "results/statistics/summary.h"

// What came of a search (study/search.h): which draw was chosen by the selection split and what that
// flattered, what each setting that was drawn explains, and what so many draws are worth.

namespace segbench::conclusions {

struct StudyInputs;

/// One draw. Scores are those of the metric that the draws select by, on the selection split, means over
/// seeds; undefined as soon as one of its trials has none.
struct SearchDraw {
  std::size_t number = 0;  ///< from 1, in the order in which they were drawn
  std::string variant, label;
  std::vector<std::optional<double>> scores = {};  ///< of the rungs that it reached
  /// complete | paused | failed | under way | not begun
  std::string fate;
  std::int64_t epochs = 0;                          ///< trained, all seeds together
  double seconds = 0;                               ///< of training, all seeds together
  std::optional<double> selection = {}, test = {};  ///< final evaluations of complete trials
  std::vector<std::string> trials = {};
};

/// Draws whose setting has similar values.
struct SearchLevel {
  std::string text;  ///< "0.0001 to 0.0008", "dice"
  std::size_t draws = 0;
  std::optional<double> mean = {}, best = {};
  std::optional<statistics::Interval> interval = {};  ///< of the mean, 95%, Student's t over draws
  std::optional<double> seconds_per_epoch = {};       ///< mean over draws
};

/// A setting that was drawn. What it explains: results/statistics/main_effect.h.
struct SearchParameter {
  std::string key;
  std::optional<double> share = {};
  std::optional<statistics::Interval> interval = {};
  std::optional<double> p = {};
  std::string why_undefined;
  std::vector<SearchLevel> levels;
};

/// What the best of so many draws may be expected to score on the selection split (Dodge et al., EMNLP 2019).
struct BudgetPoint {
  std::size_t draws = 0;
  double hours = 0;                     ///< of training: draws times the mean of a draw
  double expected = 0, sd = 0;          ///< of the best of so many draws with replacement
  std::optional<double> unbiased = {};  ///< mean over all subsets of so many draws
  statistics::Interval interval = {};   ///< of `expected`: 95 % of those of resampled draws
};

struct SearchResult {
  std::string method, metric;
  std::uint64_t seed = 0;
  std::int64_t budget_trials = 0;
  std::optional<double> budget_hours = {};
  std::vector<std::int64_t> rungs;  ///< epochs; one where nothing is halved
  bool is_finished = false;
  std::vector<SearchDraw> draws;
  std::string chosen;                       ///< variant id; "" as long as no draw is complete
  std::optional<double> chosen_score = {};  ///< by which it was chosen
  std::optional<double> gap = {};           ///< of the chosen one: how much better on selection than on test
  std::optional<double> mean_gap = {};      ///< of all complete draws
  std::size_t complete = 0;
  double seconds = 0;                        ///< of training, all draws
  std::int64_t epochs = 0, full_epochs = 0;  ///< trained; that all draws in full would have taken
  std::vector<SearchParameter> parameters;   ///< the most important one first
  std::int64_t compared_after = 0;           ///< epochs after which `parameters` compare the draws
  std::vector<BudgetPoint> budget;           ///< empty of a halving, whose draws are not trained alike
  std::vector<std::string> trials;           ///< ids of all of them
};

/// Empty where the study does not search.
std::optional<SearchResult> conclude_search(const StudyInputs& inputs);

/// How many draws had so much training or more: of each rung, those that reached it.
std::vector<std::size_t> reached_rungs(const SearchResult& search);

/// What was chosen and what is to be known of it, one sentence each.
std::vector<std::string> say_search(const SearchResult& search);

void to_json(core::Json& json, const SearchResult& search);

}  // namespace segbench::conclusions
