// SPDX-License-Identifier: MIT
#include "results/conclusions/search.h"

#include <algorithm>
#include <map>

#include "harness/core/measures.h"
#include "results/conclusions/search_parts.h"
#include "results/conclusions/summarise.h"

namespace segbench::conclusions {
namespace {

using core::Json;

/// The score of the epoch that would be selected among the first `epochs`, as run::read_search_trial() takes
/// it; defined once so many were evaluated, or the trial is complete.
struct RungScore {
  bool is_known = false;
  std::optional<double> value = {};
};
RungScore score_until(const TrialInputs& trial, std::int64_t epochs, bool is_last,
                      const core::Measure& metric) {
  const bool is_complete = trial.record.status == core::TrialStatus::kComplete;
  const Json training = trial.record.variant.value("training", Json::object());
  const bool by_best = training.value("select", "best") == "best";
  std::optional<double> best;
  std::int64_t evaluated = 0;
  for (const store::EvaluationRecord& evaluation : trial.evaluations) {
    if (evaluation.split != "selection" || evaluation.weights != "current") continue;
    evaluated = std::max(evaluated, evaluation.epoch);
    if (evaluation.epoch > epochs) continue;
    const std::optional<double> value = score_of(evaluation, metric.key);
    const bool is_better = value && (!best || (metric.higher_is_better ? *value > *best : *value < *best));
    if (!by_best || is_better) best = value;
  }
  return {is_complete || (!is_last && evaluated >= epochs), best};
}

/// Mean over trials; undefined as soon as one has none.
template <typename Read>
std::optional<double> mean_of_trials(const std::vector<const TrialInputs*>& trials, Read read) {
  double sum = 0;
  for (const TrialInputs* trial : trials) {
    const std::optional<double> value = read(*trial);
    if (!value) return std::nullopt;
    sum += *value;
  }
  return trials.empty() ? std::nullopt : std::optional(sum / static_cast<double>(trials.size()));
}

std::string fate_of(const std::vector<const TrialInputs*>& trials) {
  const auto all = [&](core::TrialStatus status) {
    return std::all_of(trials.begin(), trials.end(),
                       [&](const auto* t) { return t->record.status == status; });
  };
  const auto any = [&](core::TrialStatus status) {
    return std::any_of(trials.begin(), trials.end(),
                       [&](const auto* t) { return t->record.status == status; });
  };
  if (any(core::TrialStatus::kFailed)) return "failed";
  if (all(core::TrialStatus::kPending)) return "not begun";
  if (all(core::TrialStatus::kComplete)) return "complete";
  const bool paused = std::all_of(trials.begin(), trials.end(), [](const TrialInputs* t) {
    return t->record.status == core::TrialStatus::kComplete ||
           (t->record.status == core::TrialStatus::kInterrupted &&
            t->record.message.starts_with("paused after epoch"));
  });
  return paused ? "paused" : "under way";
}

std::optional<double> final_score(const TrialInputs& trial, const char* split, const core::Measure& metric) {
  if (trial.record.status != core::TrialStatus::kComplete) return std::nullopt;
  const store::EvaluationRecord* evaluation = final_evaluation(trial, split);
  return evaluation == nullptr ? std::nullopt : score_of(*evaluation, metric.key);
}

SearchDraw describe_draw(const Json& variant, const std::vector<const TrialInputs*>& trials,
                         const SearchResult& search) {
  const core::Measure& metric = *core::find_metric(search.metric);
  SearchDraw draw{
      .variant = variant.at("id"), .label = variant.at("label"), .scores = {}, .fate = fate_of(trials)};
  for (std::size_t k = 0; k < search.rungs.size() && !trials.empty(); ++k) {
    const auto at_rung = [&](const TrialInputs& trial) {
      return score_until(trial, search.rungs[k], k + 1 == search.rungs.size(), metric);
    };
    if (!std::all_of(trials.begin(), trials.end(),
                     [&](const auto* trial) { return at_rung(*trial).is_known; }))
      break;
    draw.scores.push_back(
        mean_of_trials(trials, [&](const TrialInputs& trial) { return at_rung(trial).value; }));
  }
  for (const TrialInputs* trial : trials) {
    draw.trials.push_back(trial->record.trial_id);
    draw.epochs += trial->record.epochs_done;
    draw.seconds += trial->record.train_seconds.value_or(0);
  }
  draw.selection = mean_of_trials(trials, [&](const auto& t) { return final_score(t, "selection", metric); });
  draw.test = mean_of_trials(trials, [&](const auto& t) { return final_score(t, "test", metric); });
  return draw;
}

void choose(SearchResult& search) {
  const bool higher = core::find_metric(search.metric)->higher_is_better;
  const double sign = higher ? 1 : -1;
  const SearchDraw* best = nullptr;
  double gaps = 0;
  std::size_t with_gap = 0;
  for (const SearchDraw& draw : search.draws) {
    search.complete += draw.fate == "complete" ? 1 : 0;
    if (draw.selection && draw.test) gaps += sign * (*draw.selection - *draw.test), ++with_gap;
    if (draw.scores.size() < search.rungs.size() || !draw.scores.back()) continue;
    if (best == nullptr || sign * *draw.scores.back() > sign * *best->scores.back()) best = &draw;
  }
  if (with_gap > 0) search.mean_gap = gaps / static_cast<double>(with_gap);
  if (best == nullptr) return;
  search.chosen = best->variant;
  search.chosen_score = best->scores.back();
  if (best->selection && best->test) search.gap = sign * (*best->selection - *best->test);
}

}  // namespace

std::optional<SearchResult> conclude_search(const StudyInputs& inputs) {
  const Json& study = inputs.study.study;
  if (!study.contains("search") || !study.at("search").is_object()) return std::nullopt;
  const Json& described = study.at("search");
  const Json variants = study.value("variants", Json::array());
  const std::size_t draws = std::min<std::size_t>(described.value("draws", std::size_t{0}), variants.size());
  if (draws == 0) return std::nullopt;
  SearchResult search;
  search.method = described.value("method", "");
  search.seed = described.value("seed", std::uint64_t{0});
  search.budget_trials = described.value("trials", std::int64_t{0});
  if (described.contains("hours") && described.at("hours").is_number())
    search.budget_hours = described.at("hours");
  const Json training = variants[0].at("config").at("training");
  search.metric = training.value("select_by", default_metric(inputs));
  search.rungs = described.value("rungs", std::vector<std::int64_t>{});
  const std::int64_t epochs = training.at("epochs");
  if (search.rungs.empty()) search.rungs = {epochs};
  const auto seeds = static_cast<std::int64_t>(study.value("seeds", Json::array()).size());
  search.is_finished = described.value("record", Json::object()).value("finished", false);
  std::map<std::string, std::vector<const TrialInputs*>> trials;
  for (const TrialInputs& trial : inputs.trials) trials[trial.record.variant_id].push_back(&trial);
  for (std::size_t i = 0; i < draws; ++i) {
    search.draws.push_back(describe_draw(variants[i], trials[variants[i].at("id")], search));
    SearchDraw& draw = search.draws.back();
    draw.number = i + 1;
    search.seconds += draw.seconds;
    search.epochs += draw.epochs;
    search.full_epochs += variants[i].at("config").at("training").at("epochs").get<std::int64_t>() * seeds;
    search.trials.insert(search.trials.end(), draw.trials.begin(), draw.trials.end());
  }
  choose(search);
  search.compared_after = search.rungs.front();
  search.parameters = explain_scores(described.value("space", Json::array()), variants, search);
  if (search.rungs.size() == 1) search.budget = expect_best(search);
  return search;
}

std::vector<std::size_t> reached_rungs(const SearchResult& search) {
  std::vector<std::size_t> reached(search.rungs.size(), 0);
  for (const SearchDraw& draw : search.draws) {
    for (std::size_t k = 0; k < draw.scores.size(); ++k) ++reached[k];
  }
  return reached;
}

}  // namespace segbench::conclusions
