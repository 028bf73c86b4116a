// SPDX-License-Identifier: MIT
#pragma once

#include "harness/optimizers/moments.h"

namespace segbench::optimizers {

/// Update k = 1, 2, … with gradient g, learning rate r and weight decay w (0: Adam; else AdamW):
///   m = b1 m + (1 - b1) g;  v = b2 v + (1 - b2) g^2;  x *= 1 - r w
///   Keras    x -= r sqrt(1 - b2^k) / (1 - b1^k) * m / (sqrt(v) + epsilon)   ("epsilon hat" of Kingma and Ba)
///   PyTorch  x -= r / (1 - b1^k) * m / (sqrt(v) / sqrt(1 - b2^k) + epsilon)
class Adam final : public MomentOptimizer {
 public:
  Adam(const core::Json& params, const NamedTensors& parameters, double weight_decay)
      : MomentOptimizer(params, parameters), weight_decay_(weight_decay) {}

 private:
  void update(const Slot& slot) override;
  void update_lists(const Lists& lists) override;

  double weight_decay_;
};

}  // namespace segbench::optimizers
