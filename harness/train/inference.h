// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "architectures/torch/network.h"
#include "harness/core/pixel_range.h"
#include "harness/core/variant.h"
#include "harness/refinements/refinement.h"
#include "harness/train/prediction.h"

// From trained networks to a prediction, as [evaluation] says: the mean of the probabilities over networks
// and flipped views, then the refinements, then the decision. Final evaluations and `predict` come here
// alike.

namespace segbench::train {

/// How networks are asked.
struct Inference {
  std::vector<std::vector<std::int64_t>> views = {
      {}};  ///< axes of [N, C, H, W] along which each one is flipped
  std::vector<std::unique_ptr<refinements::Refinement>> refinements = {};
  std::optional<double> threshold = {};  ///< of class 1 of two; empty: the most probable class
  Head head = Head::kSoftmax;            ///< of the networks
};

/// A threshold that is to be searched is empty yet.
Inference make_inference(const core::EvaluationConfig& config, Head head = Head::kSoftmax);

using Networks = std::vector<std::shared_ptr<architectures::Network>>;
/// The picture of the i-th image of a batch.
using SceneOf = std::function<refinements::Scene(std::int64_t i)>;

/// `images` [N, C, H, W], normalised; the networks are in eval mode and have one kind of head. `scene_of` is
/// only called where there are refinements. The mean of one network's only view is its logits as they are.
Prediction infer(const Networks& networks, const Inference& inference, const torch::Tensor& images,
                 const SceneOf& scene_of);

/// Samples [height, width, channels] as a scene.
refinements::Scene scene_of_samples(std::span<const std::byte> samples, std::int64_t height,
                                    std::int64_t width, std::int64_t channels, const core::PixelRange& range);

}  // namespace segbench::train
