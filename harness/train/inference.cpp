// SPDX-License-Identifier: MIT
#include "harness/train/inference.h"

#include <ATen/Parallel.h>

#include <algorithm>

namespace segbench::train {
namespace {

using torch::Tensor;

/// Probabilities [N, classes, H, W] float, refined image by image on the CPU.
Tensor refined(const Tensor& probabilities, const Inference& inference, const SceneOf& scene_of) {
  Tensor rows = probabilities.to(torch::kCPU).permute({0, 2, 3, 1}).contiguous();
  const auto values = static_cast<std::size_t>(rows[0].numel());
  std::vector<refinements::Scene> scenes;
  for (std::int64_t i = 0; i < rows.size(0); ++i) scenes.push_back(scene_of(i));
  at::parallel_for(0, rows.size(0), 1, [&](std::int64_t begin, std::int64_t end) {
    for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i) {
      for (const auto& refinement : inference.refinements)
        refinement->apply({rows.data_ptr<float>() + i * values, values}, scenes[i]);
    }
  });
  return rows.permute({0, 3, 1, 2}).to(probabilities.device());
}

}  // namespace

Inference make_inference(const core::EvaluationConfig& config, Head head) {
  Inference inference;
  inference.head = head;
  for (const std::string& flip : config.test_time_augmentation) {
    const std::int64_t axis = flip == "horizontal_flip" ? 3 : 2;
    const std::vector<std::vector<std::int64_t>> before = inference.views;
    for (std::vector<std::int64_t> view : before) {
      view.push_back(axis);
      inference.views.push_back(std::move(view));
    }
  }
  inference.refinements = refinements::make_refinements(config.refine);
  inference.threshold = config.threshold;
  return inference;
}

Prediction infer(const Networks& networks, const Inference& inference, const Tensor& images,
                 const SceneOf& scene_of) {
  const auto decided = [&](Prediction prediction) {
    if (inference.threshold) prediction.decide_above(*inference.threshold);
    return prediction;
  };
  if (networks.size() == 1 && inference.views.size() == 1 && inference.refinements.empty())
    return decided(Prediction(networks[0]->forward(images), inference.head));
  Tensor sum;
  std::int64_t outputs = 0;
  for (const auto& network : networks) {
    for (const std::vector<std::int64_t>& view : inference.views) {
      const Tensor seen =
          view.empty() ? images : images.flip(view).contiguous(images.suggest_memory_format());
      const Prediction one(network->forward(seen), inference.head);
      outputs = one.logits().size(1);
      Tensor probabilities = one.probabilities().to(torch::kFloat);
      if (!view.empty()) probabilities = probabilities.flip(view);
      sum = sum.defined() ? sum + probabilities : probabilities;
    }
  }
  Tensor mean = sum / static_cast<double>(networks.size() * inference.views.size());
  if (!inference.refinements.empty()) mean = refined(mean, inference, scene_of);
  return decided(Prediction::of_probabilities(mean, outputs, inference.head));
}

refinements::Scene scene_of_samples(std::span<const std::byte> samples, std::int64_t height,
                                    std::int64_t width, std::int64_t channels,
                                    const core::PixelRange& range) {
  return {height, width, channels < 3 ? 1 : 3, core::view_pixels(samples, channels, range)};
}

}  // namespace segbench::train
