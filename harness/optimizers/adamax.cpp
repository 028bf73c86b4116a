// SPDX-License-Identifier: MIT
#include <cmath>

#include "harness/optimizers/fused.h"
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
  void update(const Slot& slot) override {
    const AdamaxRule<double> rule{.rate = slot.learning_rate / corrections().first,
                                  .beta1 = beta1(),
                                  .beta2 = beta2(),
                                  .one_minus_beta1 = 1 - beta1(),
                                  .epsilon_inside = is_keras() ? 0.0 : epsilon(),
                                  .epsilon_outside = is_keras() ? epsilon() : 0.0};
    if (is_fusible(slot.value)) {
      update_elements<2>(slot.value, slot.gradient, slot.state, rule);
      return;
    }
    torch::Tensor x = slot.value, m = slot.state[0], u = slot.state[1];
    m.mul_(rule.beta1).add_(slot.gradient, rule.one_minus_beta1);
    u.copy_(torch::maximum(u * rule.beta2, slot.gradient.abs().add_(rule.epsilon_inside)));
    x.addcdiv_(m, u + rule.epsilon_outside, -rule.rate);
  }
};

const OptimizerFactory::Registration adamax_registered{
    "adamax", [](const core::Json& params, const NamedTensors& parameters) {
      return std::make_unique<Adamax>(params, parameters);
    }};

}  // namespace
}  // namespace segbench::optimizers
