// SPDX-License-Identifier: MIT
#include "harness/optimizers/fused.h"
#include "harness/optimizers/lists.h"
#include "harness/optimizers/optimizer.h"

// With gradient g, learning rate r and momentum m (v = 0 before the first step):
//   Keras    v = m v - r g;  x += v;    Nesterov: x += m v - r g with the new v
//   PyTorch  v = m v + g;    x -= r v;  Nesterov: x -= r (g + m v)
// They agree while r is constant. Keras' v keeps the learning rates of old steps.

namespace segbench::optimizers {
namespace {

template <typename Scalar>
struct SgdRule {
  Scalar rate, momentum;
  bool is_keras, nesterov;

  template <typename Other>
  SgdRule<Other> as() const {
    return {static_cast<Other>(rate), static_cast<Other>(momentum), is_keras, nesterov};
  }
  void operator()(Scalar& x, Scalar g) const { x -= rate * g; }
  void operator()(Scalar& x, Scalar g, Scalar& v) const {
    if (is_keras) {
      v = momentum * v - rate * g;
      x += nesterov ? momentum * v - rate * g : v;
    } else {
      v = momentum * v + g;
      x -= rate * (nesterov ? g + momentum * v : v);
    }
  }
};

class Sgd final : public Optimizer {
 public:
  Sgd(const core::Json& params, const NamedTensors& parameters)
      : Optimizer(parameters, params,
                  params.at("momentum").get<double>() > 0 ? std::vector<std::string>{"momentum"}
                                                          : std::vector<std::string>{}),
        momentum_(params.at("momentum")),
        nesterov_(params.at("nesterov")) {}

 private:
  SgdRule<double> rule(double learning_rate) const {
    return {learning_rate, momentum_, is_keras(), nesterov_};
  }

  void update(const Slot& slot) override {
    if (momentum_ > 0) {
      update_elements<1>(slot.value, slot.gradient, slot.state, rule(slot.learning_rate));
    } else {
      update_elements<0>(slot.value, slot.gradient, slot.state, rule(slot.learning_rate));
    }
  }

  void update_lists(const Lists& lists) override {
    const double rate = lists.learning_rate;
    if (momentum_ == 0) return add(lists.values, lists.gradients, -rate);
    const auto& v = lists.states[0];
    blend(v, momentum_, lists.gradients, is_keras() ? -rate : 1.0);
    const double factor = is_keras() ? 1.0 : -rate;
    add(lists.values, v, nesterov_ ? factor * momentum_ : factor);
    if (nesterov_) add(lists.values, lists.gradients, -rate);
  }

  double momentum_;
  bool nesterov_;
};

const OptimizerFactory::Registration sgd_registered{
    "sgd", [](const core::Json& params, const NamedTensors& parameters) {
      return std::make_unique<Sgd>(params, parameters);
    }};

}  // namespace
}  // namespace segbench::optimizers
