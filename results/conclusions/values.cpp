// SPDX-License-Identifier: MIT
#include "results/conclusions/values.h"

#include "harness/core/error.h"
#include "harness/metrics/conventions.h"

namespace segbench::conclusions {
namespace {

const Quantity* find_quantity(const Entry& entry, const std::string& metric, const std::string& class_name) {
  if (!class_name.empty()) {
    for (const ClassScore& score : entry.classes) {
      if (score.name == class_name) return &score.iou;
    }
    return nullptr;
  }
  for (const std::vector<MetricScore>* scores : {&entry.metrics, &entry.recorded}) {
    for (const MetricScore& score : *scores) {
      if (score.key == metric) return &score.summary;
    }
  }
  return nullptr;
}

std::optional<double> score_by(const metrics::Convention& convention, const StudyInputs& inputs,
                               const TrialInputs& trial, const std::string& split) {
  const store::EvaluationRecord* evaluation = final_evaluation(trial, split);
  if (evaluation == nullptr ||
      !metrics::applies(convention, evaluation->counts.size(), evaluation->background.has_value()))
    return std::nullopt;
  std::vector<metrics::ImageCounts> images;
  if (inputs.images) {
    for (store::ImageRecord& image : inputs.images(trial.record.trial_id, split))
      images.push_back(std::move(image.counts));
  }
  return convention.score({evaluation->counts, images,
                           evaluation->confusion ? &*evaluation->confusion : nullptr, evaluation->background,
                           &evaluation->measures});
}

}  // namespace

std::string text_of(const core::Json& json, const char* key) {
  const core::Json value = json.value(key, core::Json());
  return value.is_string() ? value.get<std::string>() : "";
}

std::vector<TrialValue> values_of(const Conclusions& model, const Entry& entry, const std::string& metric,
                                  const std::string& class_name) {
  const Quantity* summary = find_quantity(entry, metric, class_name);
  std::vector<TrialValue> values;
  for (const std::size_t place : used_trials(model, entry.id)) {
    const TrialLine& line = model.trials[place];
    TrialValue value{line.id, line.seed, std::nullopt};
    for (std::size_t i = 0; summary != nullptr && i < summary->trials.size(); ++i) {
      if (summary->trials[i] == line.id) value.value = summary->values[i];
    }
    values.push_back(value);
  }
  return values;
}

std::vector<TrialValue> values_by_convention(const StudyInputs& inputs, const Conclusions& model,
                                             const Entry& entry, const std::string& name) {
  const metrics::Convention* convention = metrics::find_convention(name);
  SEGBENCH_CHECK(convention != nullptr, "no convention \"{}\"", name);
  std::vector<TrialValue> values;
  for (const std::size_t place : used_trials(model, entry.id)) {
    const TrialLine& line = model.trials[place];
    values.push_back({line.id, line.seed, score_by(*convention, inputs, inputs.trials[place], model.split)});
  }
  return values;
}

}  // namespace segbench::conclusions
