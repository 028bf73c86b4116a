// SPDX-License-Identifier: MIT
#include "harness/train/calibration_observer.h"

#include <ATen/Parallel.h>

#include "harness/core/counts.h"

namespace segbench::train {

void CalibrationObserver::add(const Prediction& prediction, const torch::Tensor& labels) {
  const torch::Tensor rows =
      prediction.probabilities().to(torch::kCPU, torch::kFloat).permute({0, 2, 3, 1}).contiguous();
  const torch::Tensor truth = labels.cpu().contiguous();
  const auto images = rows.size(0), pixels = rows.size(1) * rows.size(2), classes = rows.size(3);
  // One sum an image, added up in their order: the same with any number of threads.
  std::vector<metrics::Calibration> each(static_cast<std::size_t>(images));
  at::parallel_for(0, images, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const float* probabilities = rows.data_ptr<float>() + i * pixels * classes;
      const auto* label = truth.data_ptr<std::uint8_t>() + i * pixels;
      for (std::int64_t p = 0; p < pixels; ++p, probabilities += classes) {
        if (label[p] == core::kVoidLabel) continue;
        each[static_cast<std::size_t>(i)].add({probabilities, static_cast<std::size_t>(classes)}, label[p]);
      }
    }
  });
  for (const metrics::Calibration& image : each) calibration_.add(image);
}

}  // namespace segbench::train
