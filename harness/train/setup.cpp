// SPDX-License-Identifier: MIT
#include "harness/train/setup.h"

#include <fmt/format.h>

#include <algorithm>

#include "architectures/torch/torchscript.h"
#include "harness/core/error.h"
#include "harness/core/measures.h"
#include "harness/train/batches.h"
#include "harness/train/device.h"
#include "harness/train/pretrained.h"

namespace segbench::train {
namespace {

void check_cache(const core::TrialSpec& spec, const core::DecodeCache& cache,
                 const std::filesystem::path& folder) {
  const core::CacheManifest& manifest = cache.manifest();
  if (manifest.data_fingerprint != spec.data_fingerprint) {
    throw core::UserError(fmt::format("{}: the decode cache holds the data {}, but the trial is about {}",
                                      folder.string(), manifest.data_fingerprint, spec.data_fingerprint));
  }
  if (manifest.channels != spec.variant.data.channels) {
    throw core::UserError(fmt::format("{}: the decode cache has {} channels, but the trial asks for {}",
                                      folder.string(), manifest.channels, spec.variant.data.channels));
  }
  if (spec.splits.train.empty()) throw core::UserError("trial.json: the train split is empty");
  for (const auto* split : {&spec.splits.train, &spec.splits.selection, &spec.splits.test}) {
    for (const std::int64_t index : *split) {
      if (index >= 0 && index < cache.size()) continue;
      throw core::UserError(fmt::format("trial.json: a split names sample {}, but the decode cache has {}",
                                        index, cache.size()));
    }
  }
}

/// What [evaluation] asks for must be there: two classes for a threshold, a selection split for a search.
void check_evaluation(const core::TrialSpec& spec, int num_classes) {
  const core::EvaluationConfig& config = spec.variant.evaluation;
  if ((config.threshold || config.search_threshold) && num_classes != 2) {
    throw core::UserError(fmt::format(
        "evaluation.threshold is for two classes, but these data have {}; remove it", num_classes));
  }
  if (config.search_threshold && spec.splits.selection.empty()) {
    throw core::UserError(
        "evaluation.threshold = \"search\" needs a selection split, but it is empty; give it images or set a "
        "number");
  }
}

optimizers::NamedTensors trainable(const architectures::Network& network) {
  optimizers::NamedTensors parameters;
  for (const auto& [name, tensor] : architectures::named_tensors(network)) {
    if (tensor.requires_grad()) parameters.emplace_back(name, tensor);
  }
  return parameters;
}

bool is_of_encoder(const std::string& name) {
  return name.starts_with("encoder.");
}

void check_encoder(const architectures::Network& network) {
  for (const auto& [name, tensor] : architectures::named_tensors(network)) {
    if (is_of_encoder(name)) return;
  }
  throw core::UserError(
      "training.encoder_learning_rate_factor is set, but this network has no layer below \"encoder.\"; "
      "choose "
      "an encoder, or leave it 1");
}

}  // namespace

architectures::NetworkOptions network_options_of(const core::VariantConfig& variant,
                                                 const core::CacheManifest& manifest) {
  const bool sigmoid = core::traits_of(core::PartKind::kLoss, variant.training.loss).at("head") == "sigmoid";
  return architectures::network_options(variant.model, static_cast<int>(manifest.channels),
                                        sigmoid ? 1 : static_cast<int>(manifest.classes.size()),
                                        static_cast<int>(manifest.height), static_cast<int>(manifest.width));
}

std::int64_t steps_per_epoch(const core::TrialSpec& spec) {
  const auto samples = static_cast<std::int64_t>(spec.splits.train.size());
  return (samples + spec.variant.training.batch_size - 1) / spec.variant.training.batch_size;
}

std::int64_t updates_per_epoch(const core::TrialSpec& spec) {
  const std::int64_t batches = spec.variant.training.accumulate_batches;
  return (steps_per_epoch(spec) + batches - 1) / batches;
}

std::unique_ptr<TrialParts> build_trial(const core::TrialSpec& spec,
                                        const std::filesystem::path& trial_folder, torch::Device device,
                                        torch::MemoryFormat memory_format) {
  const std::filesystem::path cache_folder = (trial_folder / spec.cache).lexically_normal();
  const core::TrainingConfig& training = spec.variant.training;
  std::unique_ptr<TrialParts> parts(new TrialParts{.cache = core::DecodeCache(cache_folder),
                                                   .summary = {},
                                                   .loss_choice = {},
                                                   .network = nullptr,
                                                   .loss = nullptr,
                                                   .schedule = nullptr,
                                                   .optimizer = nullptr,
                                                   .augmentations = {},
                                                   .batch_format = {},
                                                   .loader = nullptr});
  check_cache(spec, parts->cache, cache_folder);
  check_evaluation(spec, parts->cache.num_classes());
  const core::CacheManifest& manifest = parts->cache.manifest();
  const auto options = network_options_of(spec.variant, manifest);
  parts->range = core::pixel_range(spec.variant.data, parts->cache, spec.splits.train);
  parts->loss_choice = settle_class_weights(training.loss, parts->cache, spec.splits.train);
  parts->loss = losses::make_loss(parts->loss_choice.choice, {.num_classes = parts->cache.num_classes(),
                                                              .background = spec.variant.data.background});
  parts->network = architectures::make_network(options, spec.seed);
  parts->summary = architectures::is_read_from_file(options.architecture)
                       ? architectures::summarise_torchscript(*parts->network)
                       : architectures::summarise(options);
  if (spec.variant.model.weights) {
    parts->pretrained = load_pretrained(spec.variant.model, options, *parts->network);
  }
  use_precision(training.precision, device);
  if (training.precision == "bfloat16" && architectures::is_read_from_file(options.architecture)) {
    throw core::UserError(
        "training.precision: \"bfloat16\" needs a network of Segbench; one that is read from a file computes "
        "as it was "
        "saved");
  }
  if (training.precision == "bfloat16") parts->network->compute_in(torch::kBFloat16);
  parts->network->to(device);
  architectures::use_memory_format(*parts->network, memory_format);
  parts->network->train();
  const optimizers::NamedTensors parameters = trainable(*parts->network);
  parts->optimizer = optimizers::make_optimizer(training.optimizer, parameters);
  if (training.encoder_learning_rate_factor != 1) {
    check_encoder(*parts->network);
    parts->optimizer->scale_learning_rates([&](const std::string& name) {
      return is_of_encoder(name) ? training.encoder_learning_rate_factor : 1.0;
    });
  }
  if (const auto schedule = schedules::chosen_schedule(training)) {
    const std::int64_t steps = updates_per_epoch(spec);
    parts->schedule = schedules::make_schedule(
        *schedule, {.steps = training.epochs * steps,
                    .steps_per_epoch = steps,
                    .lower_is_better = !core::find_metric(training.select_by)->higher_is_better});
    parts->optimizer->follow(parts->schedule.get());
  }
  parts->augmentations = augmentations::make_augmentations(training.augment);
  parts->batch_format = {.batch_size = training.batch_size,
                         .normalisation = core::normalisation(spec.variant.data.normalise, manifest.channels),
                         .range = parts->range,
                         .device = device,
                         .memory_format = memory_format};
  parts->loader = std::make_unique<BatchLoader>(parts->cache, parts->augmentations, parts->batch_format);
  return parts;
}

}  // namespace segbench::train
