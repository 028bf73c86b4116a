// SPDX-License-Identifier: MIT
#include <cmath>

#include "harness/optimizers/fused.h"
#include "harness/optimizers/lists.h"
#include "harness/optimizers/moments.h"

// Update k = 1, 2, … with gradient g and learning rate r:
//   m = b1 m + (1 - b1) g
//   Keras    u = max(b2 u, |g|);            x -= r / (1 - b1^k) * m / (u + epsilon)
//   PyTorch  u = max(b2 u, |g| + epsilon);  x -= r / (1 - b1^k) * m / u

namespace segbench::optimizers {
namespace {

/// Both conventions: one of the two epsilons is 0.
template <typename Scalar>
struct AdamaxRule {
  Scalar rate, beta1, beta2, one_minus_beta1, epsilon_inside, epsilon_outside;

  template <typename Other>
  AdamaxRule<Other> as() const {
    return {static_cast<Other>(rate),           static_cast<Other>(beta1),
            static_cast<Other>(beta2),          static_cast<Other>(one_minus_beta1),
            static_cast<Other>(epsilon_inside), static_cast<Other>(epsilon_outside)};
  }
  void operator()(Scalar& x, Scalar g, Scalar& m, Scalar& u) const {
    m = beta1 * m + one_minus_beta1 * g;
    const Scalar shrunk = beta2 * u, size = std::abs(g) + epsilon_inside;
    u = shrunk > size ? shrunk : size;
    x -= rate * m / (u + epsilon_outside);
  }
};

class Adamax final : public MomentOptimizer {
 public:
  using MomentOptimizer::MomentOptimizer;

 private:
  AdamaxRule<double> rule(double learning_rate) const {
    return {.rate = learning_rate / corrections().first,
            .beta1 = beta1(),
            .beta2 = beta2(),
            .one_minus_beta1 = 1 - beta1(),
            .epsilon_inside = is_keras() ? 0.0 : epsilon(),
            .epsilon_outside = is_keras() ? epsilon() : 0.0};
  }

  void update(const Slot& slot) override {
    update_elements<2>(slot.value, slot.gradient, slot.state, rule(slot.learning_rate));
  }

  void update_lists(const Lists& lists) override {
    const AdamaxRule<double> by = rule(lists.learning_rate);
    const auto& m = lists.states[0];
    const auto& u = lists.states[1];
    blend(m, by.beta1, lists.gradients, by.one_minus_beta1);
    TensorListing size = at::_foreach_abs(lists.gradients);
    at::_foreach_add_(size, by.epsilon_inside);
    scale(u, by.beta2);
    const TensorListing larger = at::_foreach_maximum(u, size);
    at::_foreach_zero_(u);
    add(u, larger);
    add_quotient(lists.values, m, at::_foreach_add(u, by.epsilon_outside), -by.rate);
  }
};

const OptimizerFactory::Registration adamax_registered{
    "adamax", [](const core::Json& params, const NamedTensors& parameters) {
      return std::make_unique<Adamax>(params, parameters);
    }};

}  // namespace
}  // namespace segbench::optimizers
