// SPDX-License-Identifier: MIT
#include "harness/train/final_evaluation.h"

#include <algorithm>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/optional_json.h"
#include "harness/train/engine_choice.h"
#include "harness/train/threshold_search.h"
#include "harness/trial/files.h"

namespace segbench::train {

using core::Json;

FinalEvaluation::FinalEvaluation(FinalSetup setup)
    : setup_(std::move(setup)),
      inference_(make_inference(setup_.spec.variant.evaluation, head_of(setup_.spec.variant))) {}

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

void FinalEvaluation::choose_engines(trial::EventWriter& events) {
  core::EvaluationConfig config = setup_.spec.variant.evaluation;
  if (config.engine == engine_) return;
  const auto& [train, selection, test] = setup_.spec.splits;
  const std::vector<std::int64_t>& split = !selection.empty() ? selection : !test.empty() ? test : train;
  const auto count =
      std::min<std::size_t>(split.size(), static_cast<std::size_t>(setup_.spec.variant.training.batch_size));
  setup_.loader.start({.order = {split.begin(), split.begin() + static_cast<std::ptrdiff_t>(count)},
                       .first_batch = 0,
                       .augment = false,
                       .seed = 0,
                       .epoch = 0});
  const Batch* batch = setup_.loader.next();
  SEGBENCH_CHECK(batch != nullptr, "no batch of {} samples", count);
  const std::filesystem::path file = setup_.folder / trial::kEnginesFile;
  Json kept;
  if (std::filesystem::exists(file))
    kept = Json::parse(core::read_file(file), nullptr, /*allow_exceptions=*/false);
  const bool is_kept = kept.is_array() && kept.size() == setup_.networks.size();
  std::vector<EngineChoice> choices;
  Json names = Json::array();
  for (std::size_t i = 0; i < setup_.networks.size(); ++i) {
    if (is_kept) config.engine = kept[i];
    choices.push_back(choose_engine(setup_.networks[i], config, batch->images));
    setup_.networks[i] = choices.back().network;
    names.push_back(choices.back().engine);
  }
  if (setup_.spec.variant.evaluation.engine == "auto" && !is_kept)
    core::write_file_atomically(file, names.dump() + '\n');
  engine_ = choices.front().engine;
  events.append("engine", to_json(choices));
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
