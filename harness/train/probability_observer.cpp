// SPDX-License-Identifier: MIT
#include "harness/train/probability_observer.h"

#include <ATen/Parallel.h>

#include "harness/core/counts.h"

namespace segbench::train {
namespace {

/// [pixels, classes] and [pixels] of one image.
void measure_image(std::span<const float> rows, std::span<const std::uint8_t> labels,
                   ProbabilityMeasures& measures) {
  const std::size_t classes = rows.size() / labels.size();
  for (std::size_t p = 0; p < labels.size(); ++p) {
    if (labels[p] == core::kVoidLabel) continue;
    const auto probabilities = rows.subspan(p * classes, classes);
    measures.calibration.add(probabilities, labels[p]);
    if (measures.left_closed) measures.left_closed->add(probabilities, labels[p]);
    if (measures.classwise) measures.classwise->add(probabilities, labels[p]);
  }
  if (measures.voc_course) measures.voc_course->add_image(rows, labels);
}

}  // namespace

void ProbabilityMeasures::add(const ProbabilityMeasures& other) {
  calibration.add(other.calibration);
  if (left_closed) left_closed->add(*other.left_closed);
  if (classwise) classwise->add(*other.classwise);
  if (voc_course) voc_course->add(*other.voc_course);
}

void ProbabilityObserver::add(const Prediction& prediction, const torch::Tensor& labels) {
  const torch::Tensor rows =
      prediction.probabilities().to(torch::kCPU, torch::kFloat).permute({0, 2, 3, 1}).contiguous();
  const torch::Tensor truth = labels.cpu().contiguous();
  const auto pixels = static_cast<std::size_t>(rows.size(1) * rows.size(2));
  const std::size_t values = pixels * static_cast<std::size_t>(rows.size(3));
  // One sum an image, added up in their order: the same with any number of threads.
  std::vector<ProbabilityMeasures> each(static_cast<std::size_t>(rows.size(0)), nothing_);
  at::parallel_for(0, rows.size(0), 1, [&](std::int64_t begin, std::int64_t end) {
    for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i)
      measure_image({rows.data_ptr<float>() + i * values, values},
                    {truth.data_ptr<std::uint8_t>() + i * pixels, pixels}, each[i]);
  });
  for (const ProbabilityMeasures& image : each) sum_.add(image);
}

}  // namespace segbench::train
