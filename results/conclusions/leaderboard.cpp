// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "harness/core/imported.h"
#include "harness/core/measures.h"
#include "harness/metrics/scores.h"
#include "results/conclusions/comparability.h"
#include "results/conclusions/steps.h"
#include "results/conclusions/summarise.h"

namespace segbench::conclusions {
namespace {

using core::Json;

/// Variants in the order of the experiment file, then those that only the store knows.
std::vector<Entry> list_variants(const StudyInputs& inputs) {
  std::vector<Entry> entries;
  std::set<std::string> known;
  const auto add = [&](const std::string& id, const std::string& label, const Json& axes) {
    if (!known.insert(id).second) return;
    Entry entry;
    entry.id = id, entry.label = label, entry.axes = axes;
    entries.push_back(std::move(entry));
  };
  for (const Json& variant : inputs.study.study.value("variants", Json::array())) {
    add(variant.at("id"), variant.at("label"), variant.value("axes", Json::object()));
  }
  const bool is_planned = !entries.empty();
  for (const TrialInputs& trial : inputs.trials) {
    const std::string from = core::imported_from(trial.record.variant);
    if (is_planned && from.empty()) continue;
    add(trial.record.variant_id, trial.record.variant_label, trial.record.axes);
    if (entries.back().id == trial.record.variant_id) entries.back().imported_from = from;
  }
  return entries;
}

std::vector<ClassScore> class_scores(const std::vector<const TrialInputs*>& trials,
                                     const std::string& split) {
  std::vector<ClassScore> classes;
  if (trials.empty()) return classes;
  const std::vector<std::string>& names = trials.front()->record.class_names;
  for (std::size_t c = 0; c < names.size(); ++c) {
    std::vector<TrialValue> values;
    for (const TrialInputs* trial : trials) {
      const store::EvaluationRecord* evaluation = final_evaluation(*trial, split);
      const bool counted = evaluation != nullptr && c < evaluation->counts.size();
      values.push_back({trial->record.trial_id, trial->record.seed,
                        counted ? metrics::iou(evaluation->counts[c]) : std::nullopt});
    }
    classes.push_back({names[c], summarise(values)});
    Quantity& iou = classes.back().iou;
    keep_within(iou, 0, 1);
    if (!iou.mean) iou.why_undefined = "the class occurs neither in the ground truth nor in a prediction";
  }
  return classes;
}

/// A measure of a trial as a whole.
std::optional<double> recorded_of(const store::TrialRecord& record, std::string_view key) {
  const auto found = record.measures.find(std::string(key));
  if (found == record.measures.end()) return std::nullopt;
  return found->second;
}

/// Whether anything asks for other numbers of a variant than its score and what it took.
bool wants_all_numbers(const StudyInputs& inputs) {
  const auto has = [&](const char* key) {
    const auto found = inputs.study.study.find(key);
    return found != inputs.study.study.end() && !found->empty();
  };
  return inputs.reading == Reading::kAll || has("claims") || has("published");
}

void fill_recorded(Entry& entry, const std::vector<const TrialInputs*>& trials) {
  for (const core::Measure& measure : core::kMeasures) {
    if (measure.scope != core::Scope::kTrial) continue;
    std::vector<TrialValue> values;
    for (const TrialInputs* trial : trials)
      values.push_back({trial->record.trial_id, trial->record.seed, recorded_of(trial->record, measure.key)});
    entry.recorded.push_back({std::string(measure.key), summarise(values, measure.higher_is_better)});
  }
}

void fill_metrics(Entry& entry, const std::vector<const TrialInputs*>& trials, const std::string& split) {
  for (const core::Measure& metric : core::kMetrics) {
    std::vector<TrialValue> values;
    for (const TrialInputs* trial : trials) {
      const store::EvaluationRecord* evaluation = final_evaluation(*trial, split);
      values.push_back({trial->record.trial_id, trial->record.seed,
                        evaluation != nullptr ? score_of(*evaluation, metric.key) : std::nullopt});
    }
    entry.metrics.push_back({std::string(metric.key), summarise(values, metric.higher_is_better)});
    keep_within(entry.metrics.back().summary, metric.least, metric.most);
  }
}

void fill_sizes(Entry& entry, const std::vector<const TrialInputs*>& trials) {
  std::vector<TrialValue> seconds, memory;
  for (const TrialInputs* trial : trials) {
    const store::TrialRecord& record = trial->record;
    if (record.parameters && !entry.parameters) entry.parameters = record.parameters;
    if (record.trainable_parameters && !entry.trainable_parameters) {
      entry.trainable_parameters = record.trainable_parameters;
    }
    if (record.macs && !entry.macs) entry.macs = record.macs;
    if (record.parameters) entry.size_trials.push_back(record.trial_id);
    seconds.push_back({record.trial_id, record.seed, record.train_seconds});
    std::optional<double> bytes;
    if (record.peak_memory_bytes) bytes = static_cast<double>(*record.peak_memory_bytes);
    memory.push_back({record.trial_id, record.seed, bytes});
  }
  entry.train_seconds = summarise(seconds, false);
  entry.peak_memory_bytes = summarise(memory, false);
}

/// The trial with the median score; of an even number the lower one, so that the shown one is never
/// flattered.
std::string median_trial(const Quantity& score) {
  std::vector<std::size_t> order(score.values.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return score.values[a] < score.values[b]; });
  return order.empty() ? "" : score.trials[order[(order.size() - 1) / 2]];
}

void fill_entry(Entry& entry, const StudyInputs& inputs, const Conclusions& model) {
  std::vector<const TrialInputs*> trials;
  for (const std::size_t i : used_trials(model, entry.id)) trials.push_back(&inputs.trials[i]);
  entry.complete = static_cast<std::int64_t>(trials.size());
  std::vector<TrialValue> scores, selections, gaps;
  for (const std::size_t i : used_trials(model, entry.id)) {
    const TrialLine& line = model.trials[i];
    std::optional<double> gap;
    if (line.score && line.selection && model.split != "selection") gap = *line.selection - *line.score;
    scores.push_back({line.id, line.seed, line.score});
    selections.push_back({line.id, line.seed, line.selection});
    gaps.push_back({line.id, line.seed, gap});
  }
  const bool higher = core::find_metric(model.metric)->higher_is_better;
  entry.score = summarise(scores, higher);
  entry.selection = summarise(selections, higher);
  entry.gap = summarise(gaps);
  const core::Measure& by = *core::find_metric(model.metric);
  keep_within(entry.score, by.least, by.most);
  keep_within(entry.selection, by.least, by.most);
  if (wants_all_numbers(inputs)) {
    fill_metrics(entry, trials, model.split);
    fill_recorded(entry, trials);
    entry.classes = class_scores(trials, model.split);
  }
  fill_sizes(entry, trials);
  entry.shown_trial = median_trial(entry.score);
  std::set<std::string> bases;
  for (const TrialInputs* trial : trials) bases.insert(basis_of(trial->record, model.split));
  entry.basis = fmt::format("{}", fmt::join(bases, " and "));
}

/// What no trial of the study measured is left out: its logs are of an older version.
void leave_out_unmeasured(std::vector<Entry>& entries) {
  for (const core::Measure& metric : core::kMetrics) {
    if (metric.origin != core::Origin::kMeasured) continue;
    const auto is_it = [&](const MetricScore& score) { return score.key == metric.key; };
    const bool is_known = std::any_of(entries.begin(), entries.end(), [&](const Entry& entry) {
      const auto found = std::find_if(entry.metrics.begin(), entry.metrics.end(), is_it);
      return found != entry.metrics.end() && found->summary.mean;
    });
    if (is_known) continue;
    for (Entry& entry : entries) std::erase_if(entry.metrics, is_it);
  }
}

/// Best mean first, of the scores or of those on the selection split; variants without one last, in the order
/// of the experiment file.
void rank(std::vector<Entry>& entries, Quantity Entry::*by, bool higher_is_better) {
  std::stable_sort(entries.begin(), entries.end(), [&](const Entry& a, const Entry& b) {
    const std::optional<double>&of_a = (a.*by).mean, &of_b = (b.*by).mean;
    if (of_a.has_value() != of_b.has_value()) return of_a.has_value();
    if (!of_a) return false;
    return higher_is_better ? *of_a > *of_b : *of_a < *of_b;
  });
}

}  // namespace

std::vector<Entry> rank_variants(const StudyInputs& inputs, const Conclusions& model) {
  std::vector<Entry> entries = list_variants(inputs);
  for (Entry& entry : entries) fill_entry(entry, inputs, model);
  leave_out_unmeasured(entries);
  // The best of many draws on the test split would be chosen by it.
  rank(entries, model.search ? &Entry::selection : &Entry::score,
       core::find_metric(model.metric)->higher_is_better);
  return entries;
}

}  // namespace segbench::conclusions
