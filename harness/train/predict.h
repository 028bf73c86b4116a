// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>

#include "harness/train/predictor.h"

namespace segbench::train {

/// `segbench-worker predict`: label maps of the images in a file.
struct PredictCommand {
  PredictorSettings by;
  std::filesystem::path images;  ///< raw bytes [N, H, W, C], channels last, RGB, 0…255, at the trial's size
  std::filesystem::path out;  ///< raw bytes [N, H, W]: the predicted class of each pixel; written atomically
  /// When given: raw float32 [N, classes, H, W], the probability of each class; written atomically.
  std::filesystem::path probabilities;
  std::int64_t batch_size = 8;
};

/// Throws core::UserError as Predictor does, when the images are no whole number of H * W * C bytes, and when
/// an engine cannot be used (choose_engine()).
void run_predict(const PredictCommand& command);

}  // namespace segbench::train
