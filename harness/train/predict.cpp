// SPDX-License-Identifier: MIT
#include "harness/train/predict.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/train/engine_choice.h"
#include "harness/train/inference.h"
#include "harness/train/normalise.h"
#include "harness/train/runtime_settings.h"
#include "harness/train/weights_file.h"
#include "harness/trial/files.h"

namespace segbench::train {

namespace {

/// The weights must be those that the trial's log tells of, where it is there.
void require_recorded(const TrainedNetwork& trained, const PredictCommand& command) {
  const std::filesystem::path folder = command.trial_file.parent_path();
  const std::string recorded = trial::recorded_weights(folder);
  if (recorded.empty() || recorded == trained.sha256) return;
  throw core::UserError(
      fmt::format("{}: these are not the weights that the trial ended with ({}): the file was damaged or "
                  "replaced; restore "
                  "it, or remove the trial's folder and run the study again",
                  command.weights.string(), (folder / core::kEventsFile).string()));
}

std::span<const std::byte> bytes_of(const torch::Tensor& tensor) {
  return {static_cast<const std::byte*>(tensor.data_ptr()), tensor.nbytes()};
}

/// One network, or the members of an ensemble.
Networks networks_of(const TrainedNetwork& trained, const PredictCommand& command) {
  Networks networks = {trained.network};
  for (const std::filesystem::path& file : command.members) {
    const TrainedNetwork member = read_weights(file, command.device);
    const bool fits = member.height == trained.height && member.width == trained.width &&
                      member.channels == trained.channels && member.num_classes == trained.num_classes &&
                      member.range == trained.range;
    if (!fits) {
      throw core::UserError(fmt::format("{}: takes other images or tells other classes apart than {}",
                                        file.string(), command.weights.string()));
    }
    networks.push_back(member.network);
  }
  return networks;
}

}  // namespace

void run_predict(const PredictCommand& command) {
  const TrainedNetwork trained = read_weights(command.weights, command.device);
  if (!command.trial_file.empty()) {
    const std::string trial_id = core::read_trial_spec(command.trial_file).trial_id;
    if (trial_id != trained.trial_id) {
      throw core::UserError(fmt::format("{}: these are the weights of trial {}, not of trial {}",
                                        command.weights.string(), trained.trial_id, trial_id));
    }
    require_recorded(trained, command);
  }
  if (command.threshold && trained.num_classes != 2) {
    throw core::UserError(fmt::format("{}: a threshold is for two classes, but this network tells {} apart",
                                      command.weights.string(), trained.num_classes));
  }
  const core::MappedFile images(command.images);
  const std::int64_t values_each = trained.height * trained.width * trained.channels;
  const std::int64_t bytes_each = values_each * trained.range.sample_bytes();
  const auto bytes = static_cast<std::int64_t>(images.bytes().size());
  if (bytes % bytes_each != 0) {
    throw core::UserError(fmt::format(
        "{}: has {} bytes, but must have a multiple of {} ({} x {} x {} of {} bits)", command.images.string(),
        bytes, bytes_each, trained.height, trained.width, trained.channels, trained.range.bits));
  }
  Inference inference = make_inference(trained.evaluation, trained.head);
  if (command.threshold) inference.threshold = command.threshold;
  core::EvaluationConfig executed = trained.evaluation;
  if (!command.engine.empty()) executed.engine = command.engine;
  Networks networks = networks_of(trained, command);
  const torch::NoGradGuard no_grad;
  const PixelNormaliser normaliser(trained.normalisation, trained.channels, trained.range);
  const torch::MemoryFormat format = memory_format_on(command.device);
  const auto* pixels = reinterpret_cast<const std::uint8_t*>(images.bytes().data());
  const auto predict_all = [&](const core::AppendBytes& append_labels,
                               const core::AppendBytes& append_probabilities) {
    for (std::int64_t first = 0, count = bytes / bytes_each; first < count; first += command.batch_size) {
      const std::int64_t in_batch = std::min(command.batch_size, count - first);
      const torch::Tensor values =
          torch::empty({in_batch, trained.channels, trained.height, trained.width}, torch::kFloat, format);
      for (std::int64_t i = 0; i < in_batch; ++i) {
        normaliser.write(pixels + (first + i) * bytes_each, trained.height * trained.width, format,
                         values.data_ptr<float>() + i * values_each);
      }
      const auto scene_of = [&](std::int64_t i) {
        const auto samples = images.bytes().subspan(static_cast<std::size_t>((first + i) * bytes_each),
                                                    static_cast<std::size_t>(bytes_each));
        return scene_of_samples(samples, trained.height, trained.width, trained.channels, trained.range);
      };
      const torch::Tensor seen = values.to(command.device);
      if (first == 0) {
        for (auto& network : networks) network = choose_engine(network, executed, seen).network;
      }
      const Prediction prediction = infer(networks, inference, seen, scene_of);
      append_labels(bytes_of(prediction.labels().cpu().contiguous()));
      if (append_probabilities)
        append_probabilities(
            bytes_of(prediction.probabilities().to(torch::kCPU, torch::kFloat).contiguous()));
    }
  };
  core::write_file_atomically(command.out, [&](const core::AppendBytes& append_labels) {
    if (command.probabilities.empty()) return predict_all(append_labels, nullptr);
    core::write_file_atomically(command.probabilities, [&](const core::AppendBytes& append_probabilities) {
      predict_all(append_labels, append_probabilities);
    });
  });
}

}  // namespace segbench::train
