// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

#include <vector>

#include "harness/augmentations/effects/effect.h"
#include "harness/core/pixel_range.h"

namespace segbench::augmentations {

/// What effects/sample.h does to one sample on bytes, to a batch on its device, in place: `images` is
/// [N, H, W, C] float32 of the numbers that the range speaks of, `labels` [N, H, W] uint8; `drawn` has an
/// entry for each sample. Geometry gives the same numbers to the last bit on every device; effects on values
/// may round differently, by one number.
void apply(const std::vector<Drawn>& drawn, const core::PixelRange& range, torch::Tensor& images,
           torch::Tensor& labels);

/// The geometry of every sample, sampled in one go.
void warp(const std::vector<Drawn>& drawn, torch::Tensor& images, torch::Tensor& labels);

/// Applies effects in turn to the values [H, W, C] of one sample; Erase may take its labels [H, W], too.
void change_values(const std::vector<ValueEffect>& effects, torch::Tensor& values, torch::Tensor& labels);

}  // namespace segbench::augmentations
