// SPDX-License-Identifier: MIT
#include "results/conclusions/conclusions.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "harness/core/error.h"
#include "harness/core/metric_names.h"
#include "harness/core/text.h"
#include "harness/metrics/scores.h"
#include "results/conclusions/comparability.h"
#include "results/conclusions/steps.h"
#include "results/conclusions/summarise.h"

namespace segbench::conclusions {
namespace {

using core::Json;

bool is_used(const TrialInputs& trial, const std::set<std::string>& plan) {
  return trial.record.status == core::TrialStatus::kComplete &&
         (plan.empty() || plan.contains(trial.record.trial_id));
}

std::set<std::string> planned_trials(const StudyInputs& inputs) {
  const Json planned = inputs.study.study.value("trials", Json::array());
  return {planned.begin(), planned.end()};
}

/// Variants in the order of the experiment file, then those that only the store knows.
std::vector<Entry> list_variants(const StudyInputs& inputs) {
  std::vector<Entry> entries;
  const auto add = [&](const std::string& id, const std::string& label, const Json& axes) {
    const bool known =
        std::any_of(entries.begin(), entries.end(), [&](const Entry& e) { return e.id == id; });
    if (known) return;
    Entry entry;
    entry.id = id, entry.label = label, entry.axes = axes;
    entries.push_back(std::move(entry));
  };
  for (const Json& variant : inputs.study.study.value("variants", Json::array())) {
    add(variant.at("id"), variant.at("label"), variant.value("axes", Json::object()));
  }
  if (entries.empty()) {
    for (const TrialInputs& trial : inputs.trials) {
      add(trial.record.variant_id, trial.record.variant_label, trial.record.axes);
    }
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
    Summary& iou = classes.back().iou;
    keep_within(iou, 0, 1);
    if (!iou.mean) iou.why_undefined = "the class occurs neither in the ground truth nor in a prediction";
  }
  return classes;
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
std::string median_trial(const Summary& score) {
  std::vector<std::size_t> order(score.values.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return score.values[a] < score.values[b]; });
  return order.empty() ? "" : score.trials[order[(order.size() - 1) / 2]];
}

void fill_entry(Entry& entry, const StudyInputs& inputs, const Conclusions& model) {
  std::vector<const TrialInputs*> trials;
  for (const TrialLine& line : model.trials) {
    if (!line.used || line.variant != entry.id) continue;
    trials.push_back(&*std::find_if(inputs.trials.begin(), inputs.trials.end(),
                                    [&](const TrialInputs& t) { return t.record.trial_id == line.id; }));
  }
  entry.complete = static_cast<std::int64_t>(trials.size());
  std::vector<TrialValue> scores, selections, gaps;
  for (const TrialLine& line : model.trials) {
    if (!line.used || line.variant != entry.id) continue;
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
  const bool bounded = model.metric != "loss";
  if (bounded) keep_within(entry.score, 0, 1), keep_within(entry.selection, 0, 1);
  for (const core::MetricName& metric : core::kMetricNames) {
    std::vector<TrialValue> values;
    for (const TrialInputs* trial : trials) {
      const store::EvaluationRecord* evaluation = final_evaluation(*trial, model.split);
      values.push_back({trial->record.trial_id, trial->record.seed,
                        evaluation != nullptr ? score_of(*evaluation, metric.key) : std::nullopt});
    }
    entry.metrics.push_back({std::string(metric.key), summarise(values, metric.higher_is_better)});
    if (metric.key != "loss") keep_within(entry.metrics.back().summary, 0, 1);
  }
  entry.classes = class_scores(trials, model.split);
  fill_sizes(entry, trials);
  entry.shown_trial = median_trial(entry.score);
}

std::vector<TrialLine> list_trials(const StudyInputs& inputs, const Conclusions& model) {
  const std::set<std::string> plan = planned_trials(inputs);
  std::vector<TrialLine> lines;
  for (const TrialInputs& trial : inputs.trials) {
    const store::TrialRecord& record = trial.record;
    TrialLine line;
    line.id = record.trial_id;
    line.variant = record.variant_id;
    line.variant_label = record.variant_label;
    line.status = core::to_string(record.status);
    line.seed = record.seed;
    line.used = is_used(trial, plan);
    line.train_seconds = record.train_seconds;
    line.selected_epoch = record.selected_epoch;
    line.peak_memory_bytes = record.peak_memory_bytes;
    line.weights_sha256 = record.selected_weights_sha256.value_or(record.weights_sha256.value_or(""));
    line.data_fingerprint = record.data_fingerprint;
    line.started = record.started, line.ended = record.ended;
    line.folder = record.folder;
    if (record.verification.is_object()) line.verified = record.verification.value("grade", "");
    if (record.status == core::TrialStatus::kComplete) {
      const store::EvaluationRecord* scored = final_evaluation(trial, model.split);
      const store::EvaluationRecord* selected = final_evaluation(trial, "selection");
      if (scored != nullptr) line.score = score_of(*scored, model.metric);
      if (selected != nullptr) line.selection = score_of(*selected, model.metric);
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

/// Best mean first; variants without a score last, in the order of the experiment file.
void rank(std::vector<Entry>& entries, bool higher_is_better) {
  std::stable_sort(entries.begin(), entries.end(), [&](const Entry& a, const Entry& b) {
    if (a.score.mean.has_value() != b.score.mean.has_value()) return a.score.mean.has_value();
    if (!a.score.mean) return false;
    return higher_is_better ? *a.score.mean > *b.score.mean : *a.score.mean < *b.score.mean;
  });
}

}  // namespace

/// None as soon as the data of one trial have none.
core::Background common_background(const StudyInputs& inputs) {
  core::Background background = core::kFirstClass;
  for (const TrialInputs& trial : inputs.trials) {
    if (!trial.record.background) return std::nullopt;
    background = trial.record.background;
  }
  return background;
}

std::string default_metric(const StudyInputs& inputs) {
  std::set<std::string> keys;
  for (const TrialInputs& trial : inputs.trials) {
    const Json training = trial.record.variant.value("training", Json::object());
    keys.insert(training.value("select_by", std::string("miou_no_background")));
  }
  const core::Background background = common_background(inputs);
  const bool agreed = keys.size() == 1 && core::find_metric(*keys.begin()) != nullptr &&
                      core::metric_problem(*keys.begin(), background).empty();
  return agreed ? *keys.begin() : std::string(core::default_metric(background));
}

const Entry* find_entry(const Conclusions& model, const std::string& variant_id) {
  const auto found = std::find_if(model.leaderboard.begin(), model.leaderboard.end(),
                                  [&](const Entry& entry) { return entry.id == variant_id; });
  return found == model.leaderboard.end() ? nullptr : &*found;
}

Conclusions conclude(const StudyInputs& inputs, const Options& options) {
  Conclusions model;
  model.study = inputs.study.name;
  model.question = inputs.study.question;
  model.left_out = inputs.study.left_out;
  model.metric = options.metric.empty() ? default_metric(inputs) : options.metric;
  model.split = options.split;
  model.background = common_background(inputs);
  const core::MetricName* metric = core::find_metric(model.metric);
  if (metric == nullptr) {
    std::vector<std::string> known;
    for (const core::MetricName& name : core::kMetricNames) known.emplace_back(name.key);
    throw core::UserError(fmt::format("unknown metric \"{}\"; known metrics: {}{}", model.metric,
                                      fmt::join(known, ", "), core::did_you_mean(model.metric, known)));
  }
  if (const std::string problem = core::metric_problem(model.metric, model.background); !problem.empty()) {
    throw core::UserError("metric " + problem);
  }
  if (model.split != "test" && model.split != "selection") {
    throw core::UserError(fmt::format("unknown split \"{}\"; known splits: test, selection", model.split));
  }
  model.trials = list_trials(inputs, model);
  model.leaderboard = list_variants(inputs);
  for (Entry& entry : model.leaderboard) fill_entry(entry, inputs, model);
  rank(model.leaderboard, metric->higher_is_better);
  model.excluded = list_excluded(inputs, model);
  model.failed_attempts = list_failed_attempts(inputs, model);
  count_trials(model, inputs);
  model.loss_curves = loss_curves(inputs, model);
  model.score_curves = score_curves(inputs, model);
  model.not_comparable = incomparable_groups(inputs, model);
  model.to_best = differences_to_best(inputs, model);
  model.warnings = list_warnings(inputs, model);
  model.verdict = judge(model);
  model.claims = judge_claims(inputs, model);
  model.published = published_numbers(inputs, model);
  return model;
}

}  // namespace segbench::conclusions
