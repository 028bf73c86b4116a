// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <filesystem>

namespace segbench::train {

/// `segbench-worker predict`: label maps of images of any origin.
struct PredictCommand {
  std::filesystem::path weights;  ///< weights.safetensors of a trial
  std::filesystem::path
      images;  ///< raw bytes [N, H, W, C], channels last, RGB, 0…255, at the trial's resolution
  std::filesystem::path out;  ///< raw bytes [N, H, W]: the predicted class of each pixel; written atomically
  std::filesystem::path trial_file;  ///< when given, the weights must be this trial's
  torch::Device device = torch::kCPU;
  std::int64_t batch_size = 8;
};

/// Throws core::UserError when the weights are unusable or the images are no whole number of H * W * C bytes.
void run_predict(const PredictCommand& command);

}  // namespace segbench::train
