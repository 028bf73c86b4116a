// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "harness/core/decode_cache.h"
#include "harness/core/pixel_range.h"
#include "harness/core/trial.h"
#include "harness/train/prediction.h"
#include "harness/train/setup.h"
#include "harness/train/tensor_file.h"

// weights.safetensors: a trained network with all that is needed to use it (docs/formats.md).

namespace segbench::train {

/// What the final evaluations of a trial settled.
struct Settled {
  std::optional<double> threshold = {};  ///< by which class 1 of two is decided
  std::string engine = "eager";          ///< by which the network was executed
};

/// Written atomically.
void write_weights(const std::filesystem::path& file, const core::TrialSpec& spec,
                   const core::CacheManifest& manifest, const core::PixelRange& range, std::int64_t epoch,
                   const Settled& settled, const NamedTensors& tensors);

/// A trained network, ready to predict.
struct TrainedNetwork {
  std::string trial_id;
  std::string sha256 = {};  ///< of its tensors, as they were read
  std::int64_t height = 0, width = 0, channels = 0;
  int num_classes = 0;
  int num_outputs = 0;  ///< channels of the logits
  core::Normalisation normalisation;
  core::PixelRange range;
  Head head = Head::kSoftmax;
  core::EvaluationConfig evaluation;                ///< with the threshold and the engine that were found
  std::shared_ptr<architectures::Network> network;  ///< in eval mode, on the device, channels-last
};

/// Throws core::UserError naming the file when it is damaged (its tensors do not have the hash that it
/// states) or not written by write_weights().
TrainedNetwork read_weights(const std::filesystem::path& file, torch::Device device);

}  // namespace segbench::train
