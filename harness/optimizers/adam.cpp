// SPDX-License-Identifier: MIT
#include "harness/optimizers/adam.h"

#include <cmath>

#include "harness/optimizers/fused.h"

namespace segbench::optimizers {
namespace {

/// Both conventions as x = keep * x - rate * m / (sqrt(v) * root_scale + epsilon).
template <typename Scalar>
struct AdamRule {
  Scalar rate, beta1, beta2, one_minus_beta1, one_minus_beta2, root_scale, epsilon, keep;

  template <typename Other>
  AdamRule<Other> as() const {
    return {static_cast<Other>(rate),
            static_cast<Other>(beta1),
            static_cast<Other>(beta2),
            static_cast<Other>(one_minus_beta1),
            static_cast<Other>(one_minus_beta2),
            static_cast<Other>(root_scale),
            static_cast<Other>(epsilon),
            static_cast<Other>(keep)};
  }
  void operator()(Scalar& x, Scalar g, Scalar& m, Scalar& v) const {
    m = beta1 * m + one_minus_beta1 * g;
    v = beta2 * v + one_minus_beta2 * g * g;
    x = keep * x - rate * m / (std::sqrt(v) * root_scale + epsilon);
  }
};

const OptimizerFactory::Registration adam_registered{
    "adam", [](const core::Json& params, const NamedTensors& parameters) {
      return std::make_unique<Adam>(params, parameters, /*weight_decay=*/0);
    }};

}  // namespace

void Adam::update(const Slot& slot) {
  const Corrections by = corrections();
  const AdamRule<double> rule{.rate = slot.learning_rate * (is_keras() ? by.root2 : 1.0) / by.first,
                              .beta1 = beta1(),
                              .beta2 = beta2(),
                              .one_minus_beta1 = 1 - beta1(),
                              .one_minus_beta2 = 1 - beta2(),
                              .root_scale = is_keras() ? 1.0 : 1.0 / by.root2,
                              .epsilon = epsilon(),
                              .keep = 1 - slot.learning_rate * weight_decay_};
  if (is_fusible(slot.value)) {
    update_elements<2>(slot.value, slot.gradient, slot.state, rule);
    return;
  }
  torch::Tensor x = slot.value, m = slot.state[0], v = slot.state[1];
  m.mul_(rule.beta1).add_(slot.gradient, rule.one_minus_beta1);
  v.mul_(rule.beta2).addcmul_(slot.gradient, slot.gradient, rule.one_minus_beta2);
  if (rule.keep != 1) x.mul_(rule.keep);
  x.addcdiv_(m, v.sqrt().mul_(rule.root_scale).add_(rule.epsilon), -rule.rate);
}

}  // namespace segbench::optimizers
