// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "architectures/networks/network.h"
#include "architectures/torch/network.h"
#include "harness/augmentations/augmentation.h"
#include "harness/core/decode_cache.h"
#include "harness/core/pixel_range.h"
#include "harness/core/trial.h"
#include "harness/losses/loss.h"
#include "harness/optimizers/optimizer.h"
#include "harness/schedules/schedule.h"
#include "harness/train/batch_source.h"
#include "harness/train/class_weights.h"

namespace segbench::train {

/// The network's options for a variant on given data: a sigmoid head has one output, a softmax head one a
/// class.
architectures::NetworkOptions network_options_of(const core::VariantConfig& variant,
                                                 const core::CacheManifest& manifest);

/// Everything that a trial is made of, built from its specification and its cache.
struct TrialParts {
  core::DecodeCache cache;
  core::PixelRange range = {};  ///< what its samples mean
  architectures::NetworkSummary summary;
  SettledLoss loss_choice;                          ///< with class weights as numbers
  std::shared_ptr<architectures::Network> network;  ///< on the device, channels-last, in training mode
  core::Json pretrained = nullptr;  ///< event about the weights that it begins with; null: random ones
  std::unique_ptr<losses::Loss> loss;
  std::unique_ptr<schedules::Schedule> schedule;  ///< of the learning rate; empty: constant
  std::unique_ptr<optimizers::Optimizer> optimizer;
  augmentations::Augmentations augmentations;
  BatchFormat batch_format;
  std::unique_ptr<BatchSource> loader;
};

/// Steps of one epoch: batches of the training samples, the last of which may be smaller.
std::int64_t steps_per_epoch(const core::TrialSpec& spec);
/// Updates of the weights in one epoch: one for every training.accumulate_batches steps, and for what is
/// left.
std::int64_t updates_per_epoch(const core::TrialSpec& spec);

/// `trial_folder` is where the specification lies: its cache is named relative to it. Throws core::UserError
/// when the cache holds other data than the specification says or lacks samples that it names.
std::unique_ptr<TrialParts> build_trial(const core::TrialSpec& spec,
                                        const std::filesystem::path& trial_folder, torch::Device device,
                                        torch::MemoryFormat memory_format);

}  // namespace segbench::train
