// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/train/engine_choice.h"
#include "harness/train/inference.h"
#include "harness/train/normalise.h"
#include "harness/train/weights_file.h"

namespace segbench::train {

/// By which networks is predicted, and how: as the trial's [evaluation] says (test-time augmentation,
/// refinements, threshold), but for what is set here.
struct PredictorSettings {
  std::filesystem::path weights;  ///< weights.safetensors of a trial
  /// Of the other members of an ensemble: the mean of all probabilities is predicted.
  std::vector<std::filesystem::path> members = {};
  std::filesystem::path trial_file = {};  ///< when given, the weights must be this trial's
  /// Class 1 where its probability is above this; for two classes.
  std::optional<double> threshold = {};
  std::string engine = {};  ///< evaluation.engine; "": what the trial's evaluation was executed by
  torch::Device device = torch::kCPU;
};

/// Networks of trials, loaded to predict images of any origin.
class Predictor {
 public:
  /// Throws core::UserError when weights are unusable, members take other images or tell other classes apart,
  /// or a threshold is given for more than two classes.
  explicit Predictor(const PredictorSettings& settings);

  const TrainedNetwork& trained() const { return trained_; }
  const PredictorSettings& settings() const { return settings_; }
  std::size_t networks() const { return networks_.size(); }
  /// Channels of a network's logits.
  std::int64_t outputs(std::size_t network) const { return outputs_.at(network); }
  /// Of the samples of an image, [height, width, channels].
  std::int64_t bytes_each() const;
  /// How many images so many bytes are; throws core::UserError naming `origin` where they are no whole
  /// number.
  std::int64_t count_images(std::size_t bytes, const std::string& origin) const;

  /// A batch of images, [N, height, width, channels] samples of 8 or 16 bits, as the decode cache holds them.
  /// A network whose engine was not chosen gets the one of the settings, which may throw as choose_engine()
  /// does.
  Prediction predict(std::span<const std::byte> images);

  /// Executes one of the networks from now on by this engine, chosen with these images (engine_choice.h),
  /// whatever it was executed by before.
  /// Throws as choose_engine() does.
  EngineChoice choose(std::size_t network, const std::string& engine, std::span<const std::byte> images,
                      const std::vector<Guest>& guests);

 private:
  torch::Tensor normalised(std::span<const std::byte> images) const;
  EngineChoice choose(std::size_t network, const std::string& engine, const torch::Tensor& seen,
                      const std::vector<Guest>& guests);

  PredictorSettings settings_;
  TrainedNetwork trained_;
  Networks networks_;                  ///< as they were trained
  Networks executed_;                  ///< that predict in their place; null where nobody has chosen yet
  std::vector<std::int64_t> outputs_;  ///< of each network
  Inference inference_;
  PixelNormaliser normaliser_;
};

}  // namespace segbench::train
