// SPDX-License-Identifier: MIT
#include "harness/optimizers/fused.h"
#include "harness/optimizers/lists.h"
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
  LionRule<double> rule(double learning_rate) const {
    return {.rate = learning_rate,
            .beta1 = beta1_,
            .beta2 = beta2_,
            .one_minus_beta1 = 1 - beta1_,
            .one_minus_beta2 = 1 - beta2_,
            .keep = 1 - learning_rate * weight_decay_};
  }

  void update(const Slot& slot) override {
    update_elements<1>(slot.value, slot.gradient, slot.state, rule(slot.learning_rate));
  }

  void update_lists(const Lists& lists) override {
    const LionRule<double> by = rule(lists.learning_rate);
    const auto& m = lists.states[0];
    TensorListing signs = at::_foreach_mul(m, by.beta1);
    add(signs, lists.gradients, by.one_minus_beta1);
    // LibTorch 1.13 has no sign of lists; the sign of what is no number is none either.
    for (torch::Tensor& direction : signs)
      direction = torch::where(direction.isnan(), direction, direction.sign());
    scale(lists.values, by.keep);
    add(lists.values, signs, -by.rate);
    blend(m, by.beta2, lists.gradients, by.one_minus_beta2);
  }

  double beta1_, beta2_, weight_decay_;
};

const OptimizerFactory::Registration lion_registered{
    "lion", [](const core::Json& params, const NamedTensors& parameters) {
      return std::make_unique<Lion>(params, parameters);
    }};

}  // namespace
}  // namespace segbench::optimizers
