// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace segbench::train {

/// `segbench-worker predict`: label maps of images of any origin, by the trial's network as its [evaluation]
/// says (test-time augmentation, refinements, threshold).
struct PredictCommand {
  std::filesystem::path weights;  ///< weights.safetensors of a trial
  /// Of the other members of an ensemble: the mean of all probabilities is predicted.
  std::vector<std::filesystem::path> members = {};
  std::filesystem::path
      images;  ///< raw bytes [N, H, W, C], channels last, RGB, 0…255, at the trial's resolution
  std::filesystem::path out;  ///< raw bytes [N, H, W]: the predicted class of each pixel; written atomically
  std::filesystem::path trial_file;  ///< when given, the weights must be this trial's
  /// When given: raw float32 [N, classes, H, W], the probability of each class; written atomically.
  std::filesystem::path probabilities;
  /// Class 1 where its probability is above this, instead of what the trial's [evaluation] says; for two
  /// classes.
  std::optional<double> threshold;
  /// evaluation.engine instead of what the trial's evaluation was executed by; "": that.
  std::string engine;
  torch::Device device = torch::kCPU;
  std::int64_t batch_size = 8;
};

/// Throws core::UserError when the weights are unusable, members take other images or tell other classes
/// apart, the images are no whole number of H * W * C bytes, an engine cannot be used (choose_engine()), or a
/// threshold is given for more than two classes.
void run_predict(const PredictCommand& command);

}  // namespace segbench::train
