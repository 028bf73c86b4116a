// SPDX-License-Identifier: MIT
#include "harness/optimizers/fused.h"
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
  void update(const Slot& slot) override {
    const SgdRule<double> rule{slot.learning_rate, momentum_, is_keras(), nesterov_};
    if (!is_fusible(slot.value)) {
      update_tensors(slot, rule);
    } else if (momentum_ > 0) {
      update_elements<1>(slot.value, slot.gradient, slot.state, rule);
    } else {
      update_elements<0>(slot.value, slot.gradient, slot.state, rule);
    }
  }

  void update_tensors(const Slot& slot, const SgdRule<double>& rule) const {
    torch::Tensor x = slot.value;
    const torch::Tensor& g = slot.gradient;
    if (rule.momentum == 0) {
      x.add_(g, -rule.rate);
      return;
    }
    torch::Tensor v = slot.state[0];
    v.mul_(rule.momentum).add_(g, rule.is_keras ? -rule.rate : 1.0);
    if (!rule.nesterov) {
      x.add_(v, rule.is_keras ? 1.0 : -rule.rate);
    } else {
      x.add_(v, rule.is_keras ? rule.momentum : -rule.rate * rule.momentum).add_(g, -rule.rate);
    }
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
