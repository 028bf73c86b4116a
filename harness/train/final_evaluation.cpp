// SPDX-License-Identifier: MIT
#include "harness/train/final_evaluation.h"

#include "harness/core/optional_json.h"
#include "harness/train/threshold_search.h"

namespace segbench::train {

using core::Json;

FinalEvaluation::FinalEvaluation(FinalSetup setup)
    : setup_(std::move(setup)), inference_(make_inference(setup_.spec.variant.evaluation)) {}

Evaluation FinalEvaluation::run(const std::vector<std::int64_t>& samples,
                                const std::vector<std::int64_t>& keep,
                                std::vector<BatchObserver*> observers) {
  const core::CacheManifest& manifest = setup_.cache.manifest();
  const EvaluationRequest request{
      .samples = samples,
      .num_classes = setup_.cache.num_classes(),
      .keep = keep,
      .observers = std::move(observers),
      .before_batch = setup_.before_batch,
      .predict = [&](const Batch& batch) {
        return infer(setup_.networks, inference_, batch.images, [&](std::int64_t i) {
          const auto index = samples[static_cast<std::size_t>(batch.first + i)];
          return scene_of_samples(std::as_bytes(setup_.cache.image(index)), manifest.height, manifest.width,
                                  manifest.channels, setup_.range);
        });
      }};
  return train::evaluate(*setup_.networks.front(), setup_.loss, setup_.loader,
                         setup_.spec.variant.training.batch_size, request);
}

void FinalEvaluation::search_threshold(trial::EventWriter& events) {
  const core::EvaluationConfig& config = setup_.spec.variant.evaluation;
  if (!config.search_threshold) return;
  ThresholdSearch search(config.thresholds);
  run(setup_.spec.splits.selection, {}, {&search});
  const ThresholdCurve curve = search.curve(config.threshold_by, setup_.spec.variant.data.background);
  const ThresholdPoint best = curve.best().value_or(ThresholdPoint{.threshold = 0.5, .score = std::nullopt});
  inference_.threshold = best.threshold;
  Json points = Json::array();
  for (const ThresholdPoint& point : curve.points)
    points.push_back({point.threshold, core::or_null(point.score)});
  events.append("threshold", {{"epoch", setup_.epoch},
                              {"split", "selection"},
                              {"metric", config.threshold_by},
                              {"value", best.threshold},
                              {"score", core::or_null(best.score)},
                              {"curve", points}});
}

Evaluation FinalEvaluation::evaluate(const std::vector<std::int64_t>& samples,
                                     const std::vector<std::int64_t>& keep) {
  measures_.emplace(setup_.spec.variant, setup_.cache.num_classes());
  return run(samples, keep, measures_->observers());
}

void FinalEvaluation::append(trial::EventWriter& events, const EvaluationEvent& about,
                             const Evaluation& evaluation, const std::vector<std::int64_t>& samples) const {
  append_evaluation(events, about, evaluation, setup_.cache.manifest(), samples);
  measures_->append(events, about, evaluation, samples);
}

}  // namespace segbench::train
