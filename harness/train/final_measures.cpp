// SPDX-License-Identifier: MIT
#include "harness/train/final_measures.h"

#include <algorithm>

#include "harness/core/optional_json.h"
#include "harness/metrics/conventions.h"

namespace segbench::train {
namespace {

using core::Json;

constexpr int kCalibrationBins = 15;

bool wants(const core::EvaluationConfig& config, std::initializer_list<std::string_view> keys) {
  return std::any_of(config.measures.begin(), config.measures.end(), [&](const std::string& measure) {
    return std::find(keys.begin(), keys.end(), measure) != keys.end();
  });
}

ProbabilityMeasures wanted(const core::EvaluationConfig& config, int num_classes) {
  ProbabilityMeasures measures;
  if (wants(config, {"ece_left_closed", "mce_left_closed"}))
    measures.left_closed.emplace(kCalibrationBins, metrics::BinEdges::kLeftClosed);
  if (wants(config, {"classwise_ece"})) measures.classwise.emplace(num_classes);
  if (wants(config, {"published_voc_course_iou", "published_voc_course_mean_iou"}))
    measures.voc_course.emplace(num_classes);
  return measures;
}

/// The score of the convention of that name, where there is one and it is made for such classes.
std::optional<double> score_of_convention(const std::string& name, const Evaluation& evaluation,
                                          const core::Background& background) {
  const std::vector<core::ClassCounts> pooled = evaluation.confusion.class_counts();
  const metrics::Convention* convention = metrics::find_convention(name);
  if (convention == nullptr || !metrics::applies(*convention, pooled.size(), background.has_value()))
    return std::nullopt;
  return convention->score({pooled, evaluation.images, &evaluation.confusion, background});
}

}  // namespace

FinalMeasures::FinalMeasures(const core::VariantConfig& variant, int num_classes)
    : config_(variant.evaluation),
      background_(variant.data.background),
      probabilities_(wanted(variant.evaluation, num_classes)),
      outlines_(variant.evaluation.measures,
                {variant.evaluation.boundary_tolerance, variant.evaluation.boundary_band}, num_classes) {}

std::vector<BatchObserver*> FinalMeasures::observers() {
  std::vector<BatchObserver*> observers = {&probabilities_};
  const auto outlines = metrics::outline_keys();
  if (std::any_of(outlines.begin(), outlines.end(),
                  [&](std::string_view key) { return wants(config_, {key}); }))
    observers.push_back(&outlines_);
  return observers;
}

void FinalMeasures::append(trial::EventWriter& events, const EvaluationEvent& about,
                           const Evaluation& evaluation, const std::vector<std::int64_t>& samples) const {
  const auto append = [&](const std::string& key, const std::optional<double>& value,
                          Json more = Json::object()) {
    more.update(
        {{"key", key}, {"epoch", about.epoch}, {"split", about.split}, {"value", core::or_null(value)}});
    events.append("measure", std::move(more));
  };
  const auto& [calibration, left_closed, classwise, voc_course] = probabilities_.measures();
  append("ece", calibration.expected_error());
  append("brier", calibration.brier());
  append("nll", calibration.negative_log_likelihood());
  for (const std::string& key : config_.measures) {
    if (key == "mce") {
      append(key, calibration.maximum_error());
    } else if (key == "ece_left_closed") {
      append(key, left_closed->expected_error());
    } else if (key == "mce_left_closed") {
      append(key, left_closed->maximum_error());
    } else if (key == "classwise_ece") {
      append(key, classwise->expected_error());
      const std::vector<std::optional<double>> errors = classwise->class_errors();
      for (std::size_t c = 0; c < errors.size(); ++c) append(key, errors[c], {{"class", c}});
    } else if (key == "published_voc_course_iou") {
      append(key, voc_course->soft_iou(/*drop_background=*/true));
    } else if (key == "published_voc_course_mean_iou") {
      append(key, voc_course->misfed_mean_iou());
    } else if (const auto found = outlines_.values().find(key); found != outlines_.values().end()) {
      const metrics::MeasureMeans means = metrics::means_of(found->second, background_);
      append(key, means.all);
      for (std::size_t c = 0; c < means.classes.size(); ++c) append(key, means.classes[c], {{"class", c}});
      for (std::size_t i = 0; i < means.images.size(); ++i)
        append(key, means.images[i], {{"index", samples[i]}});
    } else {
      append(key, score_of_convention(key, evaluation, background_));
    }
  }
}

}  // namespace segbench::train
