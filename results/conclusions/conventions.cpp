// SPDX-License-Identifier: MIT
#include "results/conclusions/conventions.h"

#include <algorithm>
#include <map>

#include "harness/metrics/conventions.h"
#include "results/statistics/summary.h"

namespace segbench::conclusions {
namespace {

/// [convention]: the defined scores of a column's trials.
using ColumnScores = std::vector<std::vector<double>>;

std::optional<store::EvaluationRecord> selected_evaluation(const store::Store& store,
                                                           const std::string& trial_id,
                                                           const std::string& split) {
  for (store::EvaluationRecord& evaluation : store.evaluations(trial_id)) {
    if (evaluation.weights == "selected" && evaluation.split == split) return std::move(evaluation);
  }
  return std::nullopt;
}

void add_scores(ColumnScores& column, const store::Store& store, const store::TrialRecord& trial,
                const store::EvaluationRecord& evaluation) {
  std::vector<metrics::ImageCounts> images;
  for (store::ImageRecord& image : store.images(trial.trial_id, evaluation.split))
    images.push_back(std::move(image.counts));
  const metrics::EvaluationCounts counts{evaluation.counts, images,
                                         evaluation.confusion ? &*evaluation.confusion : nullptr,
                                         evaluation.background, &evaluation.measures};
  const auto conventions = metrics::conventions();
  column.resize(conventions.size());
  for (std::size_t i = 0; i < conventions.size(); ++i) {
    if (!metrics::applies(conventions[i], evaluation.counts.size(), evaluation.background.has_value()))
      continue;
    if (const auto score = conventions[i].score(counts)) column[i].push_back(*score);
  }
}

}  // namespace

ConventionScores score_by_conventions(
    const store::Store& store, const std::vector<store::TrialRecord>& trials, const std::string& split,
    const std::function<std::string(const store::TrialRecord&)>& column_of) {
  std::map<std::string, ColumnScores> by_column;
  ConventionScores scores;
  for (const store::TrialRecord& trial : trials) {
    scores.has_background = scores.has_background && trial.background;
    scores.num_classes = std::max(scores.num_classes, trial.class_names.size());
    const auto evaluation = selected_evaluation(store, trial.trial_id, split);
    if (trial.status == core::TrialStatus::kComplete && evaluation)
      add_scores(by_column[column_of(trial)], store, trial, *evaluation);
  }
  for (const auto& [name, column] : by_column) scores.columns.push_back(name);
  const std::size_t first = scores.has_background ? 0 : 1;  // mIoU of all classes
  std::stable_sort(scores.columns.begin(), scores.columns.end(),
                   [&](const std::string& a, const std::string& b) {
                     return statistics::mean(by_column[a][first]).value_or(-1) >
                            statistics::mean(by_column[b][first]).value_or(-1);
                   });
  for (std::size_t i = 0; i < metrics::conventions().size(); ++i) {
    scores.means.emplace_back();
    for (const std::string& name : scores.columns)
      scores.means.back().push_back(statistics::mean(by_column[name][i]));
  }
  return scores;
}

std::vector<int> winners(const ConventionScores& scores) {
  std::vector<int> best;
  for (const auto& means : scores.means) {
    const auto winner = std::max_element(means.begin(), means.end());  // an undefined mean is the least
    const bool unique =
        winner != means.end() && *winner && std::count(means.begin(), means.end(), *winner) == 1;
    best.push_back(unique ? static_cast<int>(winner - means.begin()) : -1);
  }
  return best;
}

std::vector<std::vector<int>> rankings(const ConventionScores& scores) {
  std::vector<std::vector<int>> all;
  for (const auto& means : scores.means) {
    std::vector<int>& ranking = all.emplace_back();
    for (std::size_t i = 0; i < means.size(); ++i) {
      if (means[i]) ranking.push_back(static_cast<int>(i));
    }
    std::stable_sort(ranking.begin(), ranking.end(), [&](int a, int b) {
      return *means[static_cast<std::size_t>(a)] > *means[static_cast<std::size_t>(b)];
    });
  }
  return all;
}

}  // namespace segbench::conclusions
