// SPDX-License-Identifier: MIT
#include "harness/optimizers/fused.h"
#include "harness/optimizers/optimizer.h"

// With gradient g, learning rate r and weight decay w, as in the paper and in Keras:
//   x = (1 - r w) x - r sign(b1 m + (1 - b1) g);  m = b2 m + (1 - b2) g

namespace segbench::optimizers {
namespace {

template <typename Scalar>
struct LionRule {
  Scalar rate, beta1, beta2, one_minus_beta1, one_minus_beta2, keep;

  template <typename Other>
  LionRule<Other> as() const {
    return {static_cast<Other>(rate),
            static_cast<Other>(beta1),
            static_cast<Other>(beta2),
            static_cast<Other>(one_minus_beta1),
            static_cast<Other>(one_minus_beta2),
            static_cast<Other>(keep)};
  }
  void operator()(Scalar& x, Scalar g, Scalar& m) const {
    const Scalar direction = beta1 * m + one_minus_beta1 * g;
    // What is no number spoils the weights, as with every other optimizer, and the trial has diverged.
    const Scalar sign = direction > 0 ? Scalar{1} : direction < 0 ? Scalar{-1} : direction;
    x = keep * x - rate * sign;
    m = beta2 * m + one_minus_beta2 * g;
  }
};

class Lion final : public Optimizer {
 public:
  Lion(const core::Json& params, const NamedTensors& parameters)
      : Optimizer(parameters, params, {"momentum"}),
        beta1_(params.at("beta1")),
        beta2_(params.at("beta2")),
        weight_decay_(params.at("weight_decay")) {}

 private:
  void update(const Slot& slot) override {
    const LionRule<double> rule{.rate = slot.learning_rate,
                                .beta1 = beta1_,
                                .beta2 = beta2_,
                                .one_minus_beta1 = 1 - beta1_,
                                .one_minus_beta2 = 1 - beta2_,
                                .keep = 1 - slot.learning_rate * weight_decay_};
    if (is_fusible(slot.value)) {
      update_elements<1>(slot.value, slot.gradient, slot.state, rule);
      return;
    }
    torch::Tensor x = slot.value, m = slot.state[0];
    const torch::Tensor direction = m * rule.beta1 + slot.gradient * rule.one_minus_beta1;
    const torch::Tensor sign = torch::where(direction.isnan(), direction, direction.sign());
    x.mul_(rule.keep).add_(sign, -rule.rate);
    m.mul_(rule.beta2).add_(slot.gradient, rule.one_minus_beta2);
  }

  double beta1_, beta2_, weight_decay_;
};

const OptimizerFactory::Registration lion_registered{
    "lion", [](const core::Json& params, const NamedTensors& parameters) {
      return std::make_unique<Lion>(params, parameters);
    }};

}  // namespace
}  // namespace segbench::optimizers
