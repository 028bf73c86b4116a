// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "architectures/graph/ops.h"

namespace segbench::architectures {

/// Fills one tensor, in C order of its PyTorch layout, with its initial values:
///
/// - glorot_uniform: uniform in [-l, l), l = sqrt(6 / (fan_in + fan_out)) (Glorot & Bengio, AISTATS 2010);
/// - he_normal: normal of deviation sqrt(2 / fan_in) (He et al., ICCV 2015), cut off at two deviations as
/// Keras does,
///   which draws with sqrt(2 / fan_in) / 0.87962566103423978 so that the deviation after the cut is the one
///   wanted;
/// - he_uniform: uniform in [-l, l), l = sqrt(6 / fan_in);
/// - he_normal_fan_out: normal of deviation sqrt(2 / fan_out), as torchvision's networks start;
/// - torch_uniform: uniform in [-l, l), l = sqrt(1 / fan_in), PyTorch's own start of convolutions and their
///   biases (a bias has the fan-in of its weight);
/// - normal_0.02: normal of deviation 0.02 (PyTorch's trunc_normal_ cuts it off at 2, which no draw reaches);
/// - zeros, ones.
///
/// The values are drawn from Stream(seed, Purpose::kWeights, 0, stream_index(name)), so they depend on
/// nothing but seed and name. Every value comes from exactly rounded arithmetic on 32-bit draws, without the
/// functions in which mathematical libraries differ, so machines agree on every bit.
///
/// `name` is the tensor's full dotted name; `values` has tensor.numel() items.
void initialise(const TensorSpec& tensor, std::string_view name, std::uint64_t seed, std::span<float> values);

}  // namespace segbench::architectures
