// SPDX-License-Identifier: MIT
#include <cmath>

#include "harness/optimizers/fused.h"
#include "harness/optimizers/lists.h"
#include "harness/optimizers/optimizer.h"

// With gradient g, learning rate r and momentum u (b = 0 before the first step):
//   v = rho v + (1 - rho) g^2;  centered: a = rho a + (1 - rho) g, else a = 0
//   Keras    d = sqrt(v - a^2 + epsilon);  without momentum x -= r g / d;  else b = u b + r g / d;  x -= b
//   PyTorch  d = sqrt(v - a^2) + epsilon;  without momentum x -= r g / d;  else b = u b + g / d;  x -= r b

namespace segbench::optimizers {
namespace {

template <typename Scalar>
struct RmspropRule {
  Scalar rate, rho, one_minus_rho, momentum, epsilon;
  bool is_keras, centered;

  template <typename Other>
  RmspropRule<Other> as() const {
    return {static_cast<Other>(rate),
            static_cast<Other>(rho),
            static_cast<Other>(one_minus_rho),
            static_cast<Other>(momentum),
            static_cast<Other>(epsilon),
            is_keras,
            centered};
  }
  Scalar scaled(Scalar g, Scalar& v, Scalar mean) const {
    v = rho * v + one_minus_rho * g * g;
    const Scalar spread = v - mean * mean;
    return is_keras ? g / std::sqrt(spread + epsilon) : g / (std::sqrt(spread) + epsilon);
  }
  Scalar averaged(Scalar g, Scalar& a) const { return a = rho * a + one_minus_rho * g; }
  void move(Scalar& x, Scalar step, Scalar& b) const {
    b = momentum * b + (is_keras ? rate * step : step);
    x -= is_keras ? b : rate * b;
  }
  void operator()(Scalar& x, Scalar g, Scalar& v) const { x -= rate * scaled(g, v, 0); }
  /// `other` is the mean of the gradient when centered, or the momentum.
  void operator()(Scalar& x, Scalar g, Scalar& v, Scalar& other) const {
    if (centered) {
      x -= rate * scaled(g, v, averaged(g, other));
    } else {
      move(x, scaled(g, v, 0), other);
    }
  }
  void operator()(Scalar& x, Scalar g, Scalar& v, Scalar& a, Scalar& b) const {
    move(x, scaled(g, v, averaged(g, a)), b);
  }
};

std::vector<std::string> states_of(const core::Json& params) {
  std::vector<std::string> states = {"mean_square"};
  if (params.at("centered").get<bool>()) states.emplace_back("mean");
  if (params.at("momentum").get<double>() > 0) states.emplace_back("momentum");
  return states;
}

class Rmsprop final : public Optimizer {
 public:
  Rmsprop(const core::Json& params, const NamedTensors& parameters)
      : Optimizer(parameters, params, states_of(params)),
        momentum_(params.at("momentum")),
        centered_(params.at("centered")),
        rho_(params.at("rho")),
        epsilon_(params.at("epsilon")) {}

 private:
  void update(const Slot& slot) override {
    const RmspropRule<double> rule{.rate = slot.learning_rate,
                                   .rho = rho_,
                                   .one_minus_rho = 1 - rho_,
                                   .momentum = momentum_,
                                   .epsilon = epsilon_,
                                   .is_keras = is_keras(),
                                   .centered = centered_};
    if (slot.state.size() == 1) {
      update_elements<1>(slot.value, slot.gradient, slot.state, rule);
    } else if (slot.state.size() == 2) {
      update_elements<2>(slot.value, slot.gradient, slot.state, rule);
    } else {
      update_elements<3>(slot.value, slot.gradient, slot.state, rule);
    }
  }

  void update_lists(const Lists& lists) override {
    const double rate = lists.learning_rate;
    const auto& v = lists.states[0];
    scale(v, rho_);
    add_product(v, lists.gradients, lists.gradients, 1 - rho_);
    TensorListing spread = at::_foreach_add(v, 0.0);
    if (centered_) {
      const auto& mean = lists.states[1];
      blend(mean, rho_, lists.gradients, 1 - rho_);
      add_product(spread, mean, mean, -1);
    }
    const TensorListing below = root(spread, epsilon_, is_keras());
    if (momentum_ == 0) return add_quotient(lists.values, lists.gradients, below, -rate);
    const auto& b = lists.states.back();
    scale(b, momentum_);
    add_quotient(b, lists.gradients, below, is_keras() ? rate : 1.0);
    add(lists.values, b, is_keras() ? -1.0 : -rate);
  }

  double momentum_;
  bool centered_;
  double rho_, epsilon_;
};

const OptimizerFactory::Registration rmsprop_registered{
    "rmsprop", [](const core::Json& params, const NamedTensors& parameters) {
      return std::make_unique<Rmsprop>(params, parameters);
    }};

}  // namespace
}  // namespace segbench::optimizers
