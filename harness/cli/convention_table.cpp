// SPDX-License-Identifier: MIT
#include "harness/cli/convention_table.h"

#include <algorithm>
#include <map>

#include "harness/metrics/conventions.h"

namespace segbench::cli {
namespace {

using core::Json;

/// Sum and number of the defined scores of one convention in one column.
struct Mean {
  double sum = 0;
  int n = 0;
  std::optional<double> value() const { return n == 0 ? std::nullopt : std::optional(sum / n); }
};

std::optional<store::EvaluationRecord> final_evaluation(const store::Store& store,
                                                        const std::string& trial_id,
                                                        const std::string& split) {
  for (store::EvaluationRecord& evaluation : store.evaluations(trial_id)) {
    if (evaluation.weights == "selected" && evaluation.split == split) return std::move(evaluation);
  }
  return std::nullopt;
}

}  // namespace

ConventionTable score_by_conventions(const store::Store& store, const std::vector<store::TrialRecord>& trials,
                                     const std::string& split,
                                     const std::function<std::string(const store::TrialRecord&)>& column_of) {
  const auto conventions = metrics::conventions();
  std::map<std::string, std::vector<Mean>> by_column;
  for (const store::TrialRecord& trial : trials) {
    const auto evaluation = final_evaluation(store, trial.trial_id, split);
    if (trial.status != core::TrialStatus::kComplete || !evaluation) continue;
    std::vector<metrics::ImageCounts> images;
    for (store::ImageRecord& image : store.images(trial.trial_id, split))
      images.push_back(std::move(image.counts));
    const metrics::EvaluationCounts counts{evaluation->counts, images,
                                           evaluation->confusion ? &*evaluation->confusion : nullptr,
                                           evaluation->background};
    std::vector<Mean>& column = by_column[column_of(trial)];
    column.resize(conventions.size());
    for (std::size_t i = 0; i < conventions.size(); ++i) {
      if (!metrics::applies(conventions[i], evaluation->counts.size(), evaluation->background.has_value()))
        continue;
      if (const auto score = conventions[i].score(counts)) {
        column[i].sum += *score;
        ++column[i].n;
      }
    }
  }
  ConventionTable table;
  for (const store::TrialRecord& trial : trials) {
    table.has_background = table.has_background && trial.background;
    table.num_classes = std::max(table.num_classes, trial.class_names.size());
  }
  for (const auto& [name, column] : by_column) table.columns.push_back(name);
  std::stable_sort(
      table.columns.begin(), table.columns.end(), [&](const std::string& a, const std::string& b) {
        const std::size_t first = table.has_background ? 0 : 1;  // mIoU of all classes
        return by_column[a][first].value().value_or(-1) > by_column[b][first].value().value_or(-1);
      });
  for (std::size_t i = 0; i < conventions.size(); ++i) {
    table.means.emplace_back();
    for (const std::string& name : table.columns) table.means.back().push_back(by_column[name][i].value());
  }
  return table;
}

std::vector<int> winners(const ConventionTable& scores) {
  std::vector<int> best;
  for (const auto& means : scores.means) {
    const auto winner = std::max_element(means.begin(), means.end());  // an undefined mean is the least
    const bool unique =
        winner != means.end() && *winner && std::count(means.begin(), means.end(), *winner) == 1;
    best.push_back(unique ? static_cast<int>(winner - means.begin()) : -1);
  }
  return best;
}

Table convention_table(const ConventionTable& scores, bool explain) {
  Table table;
  table.columns.push_back({"convention"});
  for (const std::string& name : scores.columns) table.columns.push_back({name, 4, true});
  const bool several = scores.columns.size() > 1;
  if (several) table.columns.push_back({"best"});
  if (explain) table.columns.insert(table.columns.end(), {{"meaning"}, {"source"}});
  const auto conventions = metrics::conventions();
  const std::vector<int> best = winners(scores);
  for (std::size_t i = 0; i < conventions.size(); ++i) {
    std::vector<Json> row = {std::string(conventions[i].name)};
    for (const auto& mean : scores.means[i]) row.push_back(mean ? Json(*mean) : Json());
    if (several)
      row.push_back(best[i] < 0 ? Json() : Json(scores.columns[static_cast<std::size_t>(best[i])]));
    if (explain)
      row.insert(row.end(), {std::string(conventions[i].meaning), std::string(conventions[i].source)});
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace segbench::cli
