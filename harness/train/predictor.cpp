// SPDX-License-Identifier: MIT
#include "harness/train/predictor.h"

#include <fmt/format.h>

#include <utility>

#include "harness/core/error.h"
#include "harness/train/runtime_settings.h"
#include "harness/trial/files.h"

namespace segbench::train {
namespace {

/// The weights must be those that the trial's log tells of, where it is there.
void require_recorded(const TrainedNetwork& trained, const PredictorSettings& settings) {
  const std::filesystem::path folder = settings.trial_file.parent_path();
  const std::string recorded = trial::recorded_weights(folder);
  if (recorded.empty() || recorded == trained.sha256) return;
  throw core::UserError(
      fmt::format("{}: these are not the weights that the trial ended with ({}): the file was damaged or "
                  "replaced; restore it, or remove the trial's folder and run the study again",
                  settings.weights.string(), (folder / core::kEventsFile).string()));
}

/// The further members of an ensemble.
std::vector<TrainedNetwork> read_members(const TrainedNetwork& trained, const PredictorSettings& settings) {
  std::vector<TrainedNetwork> members;
  for (const std::filesystem::path& file : settings.members) {
    TrainedNetwork member = read_weights(file, settings.device);
    const bool fits = member.height == trained.height && member.width == trained.width &&
                      member.channels == trained.channels && member.num_classes == trained.num_classes &&
                      member.range == trained.range;
    if (!fits) {
      throw core::UserError(fmt::format("{}: takes other images or tells other classes apart than {}",
                                        file.string(), settings.weights.string()));
    }
    members.push_back(std::move(member));
  }
  return members;
}

void require_trial(const TrainedNetwork& trained, const PredictorSettings& settings) {
  if (settings.trial_file.empty()) return;
  const std::string trial_id = core::read_trial_spec(settings.trial_file).trial_id;
  if (trial_id != trained.trial_id) {
    throw core::UserError(fmt::format("{}: these are the weights of trial {}, not of trial {}",
                                      settings.weights.string(), trained.trial_id, trial_id));
  }
  require_recorded(trained, settings);
}

}  // namespace

Predictor::Predictor(const PredictorSettings& settings)
    : settings_(settings),
      trained_(read_weights(settings.weights, settings.device)),
      inference_(make_inference(trained_.evaluation, trained_.head)),
      normaliser_(trained_.normalisation, trained_.channels, trained_.range) {
  require_trial(trained_, settings);
  if (settings.threshold && trained_.num_classes != 2) {
    throw core::UserError(fmt::format("{}: a threshold is for two classes, but this network tells {} apart",
                                      settings.weights.string(), trained_.num_classes));
  }
  if (settings.threshold) inference_.threshold = settings.threshold;
  if (settings_.engine.empty()) settings_.engine = trained_.evaluation.engine;
  networks_ = {trained_.network}, outputs_ = {trained_.num_outputs};
  for (const TrainedNetwork& member : read_members(trained_, settings))
    networks_.push_back(member.network), outputs_.push_back(member.num_outputs);
  executed_.resize(networks_.size());
}

std::int64_t Predictor::bytes_each() const {
  return trained_.height * trained_.width * trained_.channels * trained_.range.sample_bytes();
}

std::int64_t Predictor::count_images(std::size_t bytes, const std::string& origin) const {
  const auto all = static_cast<std::int64_t>(bytes);
  if (all % bytes_each() == 0) return all / bytes_each();
  throw core::UserError(
      fmt::format("{}: has {} bytes, but must have a multiple of {} ({} x {} x {} of {} bits)", origin, all,
                  bytes_each(), trained_.height, trained_.width, trained_.channels, trained_.range.bits));
}

torch::Tensor Predictor::normalised(std::span<const std::byte> images) const {
  const auto* pixels = reinterpret_cast<const std::uint8_t*>(images.data());
  const std::int64_t count = static_cast<std::int64_t>(images.size()) / bytes_each();
  const std::int64_t size = trained_.height * trained_.width;
  const torch::MemoryFormat format = memory_format_on(settings_.device);
  const torch::Tensor values =
      torch::empty({count, trained_.channels, trained_.height, trained_.width}, torch::kFloat, format);
  for (std::int64_t i = 0; i < count; ++i) {
    normaliser_.write(pixels + i * bytes_each(), size, format,
                      values.data_ptr<float>() + i * size * trained_.channels);
  }
  return values.to(settings_.device);
}

EngineChoice Predictor::choose(std::size_t network, const std::string& engine, const torch::Tensor& seen,
                               const std::vector<Guest>& guests) {
  core::EvaluationConfig executed = trained_.evaluation;
  executed.engine = engine;
  EngineChoice choice = choose_engine(networks_.at(network), executed, seen, guests);
  executed_[network] = choice.network;
  return choice;
}

EngineChoice Predictor::choose(std::size_t network, const std::string& engine,
                               std::span<const std::byte> images, const std::vector<Guest>& guests) {
  return choose(network, engine, normalised(images), guests);
}

Prediction Predictor::predict(std::span<const std::byte> images) {
  const torch::NoGradGuard no_grad;
  const torch::Tensor seen = normalised(images);
  for (std::size_t network = 0; network < networks_.size(); ++network) {
    if (!executed_[network]) choose(network, settings_.engine, seen, {});
  }
  const auto scene_of = [&](std::int64_t i) {
    const auto samples =
        images.subspan(static_cast<std::size_t>(i * bytes_each()), static_cast<std::size_t>(bytes_each()));
    return scene_of_samples(samples, trained_.height, trained_.width, trained_.channels, trained_.range);
  };
  return infer(executed_, inference_, seen, scene_of);
}

}  // namespace segbench::train
