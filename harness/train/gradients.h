// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "harness/train/tensor_file.h"

namespace segbench::train {

/// The gradients of those tensors that have one, by the tensors' names.
NamedTensors gradients_of(const NamedTensors& tensors);

/// Clips gradients in place: each number to [-value, value]; then all together by the factor
/// min(1, norm / N), N their Euclidean norm, summed in double precision (Pascanu, Mikolov and Bengio, ICML
/// 2013; tf.clip_by_global_norm). Nothing waits for the device.
void clip_gradients(const NamedTensors& gradients, std::optional<double> value, std::optional<double> norm);

}  // namespace segbench::train
