// SPDX-License-Identifier: MIT
#include "harness/optimizers/adam.h"

#include <cmath>

#include "harness/optimizers/fused.h"
#include "harness/optimizers/lists.h"

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

AdamRule<double> rule_of(const MomentOptimizer::Corrections& by, bool is_keras, double learning_rate,
                         double beta1, double beta2, double epsilon, double weight_decay) {
  return {.rate = learning_rate * (is_keras ? by.root2 : 1.0) / by.first,
          .beta1 = beta1,
          .beta2 = beta2,
          .one_minus_beta1 = 1 - beta1,
          .one_minus_beta2 = 1 - beta2,
          .root_scale = is_keras ? 1.0 : 1.0 / by.root2,
          .epsilon = epsilon,
          .keep = 1 - learning_rate * weight_decay};
}

const OptimizerFactory::Registration adam_registered{
    "adam", [](const core::Json& params, const NamedTensors& parameters) {
      return std::make_unique<Adam>(params, parameters, /*weight_decay=*/0);
    }};

}  // namespace

void Adam::update(const Slot& slot) {
  update_elements<2>(
      slot.value, slot.gradient, slot.state,
      rule_of(corrections(), is_keras(), slot.learning_rate, beta1(), beta2(), epsilon(), weight_decay_));
}

void Adam::update_lists(const Lists& lists) {
  const AdamRule<double> rule =
      rule_of(corrections(), is_keras(), lists.learning_rate, beta1(), beta2(), epsilon(), weight_decay_);
  const auto& m = lists.states[0];
  const auto& v = lists.states[1];
  blend(m, rule.beta1, lists.gradients, rule.one_minus_beta1);
  scale(v, rule.beta2);
  add_product(v, lists.gradients, lists.gradients, rule.one_minus_beta2);
  scale(lists.values, rule.keep);
  TensorListing below = at::_foreach_sqrt(v);
  scale(below, rule.root_scale);
  at::_foreach_add_(below, rule.epsilon);
  add_quotient(lists.values, m, below, -rule.rate);
}

}  // namespace segbench::optimizers
