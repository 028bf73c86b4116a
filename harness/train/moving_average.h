// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "harness/train/tensor_file.h"

namespace segbench::train {

/// Moves an average of weights towards them after update `update` = 1, 2, …:
///
///   a = d a + (1 - d) w,  d = min(decay, (1 + update) / (10 + update))
///
/// (Polyak and Juditsky, 1992; TensorFlow's ExponentialMovingAverage with num_updates). Moving statistics are
/// averaged too; what is not floating point is copied. Both lists have the same tensors in the same order.
void move_average(const NamedTensors& average, const NamedTensors& weights, double decay,
                  std::int64_t update);

/// Exchanges the values of two lists of the same tensors.
void exchange_values(const NamedTensors& a, const NamedTensors& b);

}  // namespace segbench::train
