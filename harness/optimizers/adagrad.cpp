// SPDX-License-Identifier: MIT
#include <cmath>

#include "harness/optimizers/fused.h"
#include "harness/optimizers/lists.h"
#include "harness/optimizers/optimizer.h"

// With gradient g and learning rate r, v as `initial_accumulator` says before the first step:
//   v += g^2
//   Keras    x -= r g / sqrt(v + epsilon)
//   PyTorch  x -= r g / (sqrt(v) + epsilon)

namespace segbench::optimizers {
namespace {

template <typename Scalar>
struct AdagradRule {
  Scalar rate, epsilon;
  bool is_keras;

  template <typename Other>
  AdagradRule<Other> as() const {
    return {static_cast<Other>(rate), static_cast<Other>(epsilon), is_keras};
  }
  void operator()(Scalar& x, Scalar g, Scalar& v) const {
    v += g * g;
    x -= rate * (is_keras ? g / std::sqrt(v + epsilon) : g / (std::sqrt(v) + epsilon));
  }
};

class Adagrad final : public Optimizer {
 public:
  Adagrad(const core::Json& params, const NamedTensors& parameters)
      : Optimizer(parameters, params, {"sum_of_squares"}), epsilon_(params.at("epsilon")) {
    const double initial = params.at("initial_accumulator");
    for (const auto& [name, sum] : state()) sum.fill_(initial);
  }

 private:
  void update(const Slot& slot) override {
    const AdagradRule<double> rule{slot.learning_rate, epsilon_, is_keras()};
    update_elements<1>(slot.value, slot.gradient, slot.state, rule);
  }

  void update_lists(const Lists& lists) override {
    const auto& v = lists.states[0];
    add_product(v, lists.gradients, lists.gradients);
    add_quotient(lists.values, lists.gradients, root(v, epsilon_, is_keras()), -lists.learning_rate);
  }

  double epsilon_;
};

const OptimizerFactory::Registration adagrad_registered{
    "adagrad", [](const core::Json& params, const NamedTensors& parameters) {
      return std::make_unique<Adagrad>(params, parameters);
    }};

}  // namespace
}  // namespace segbench::optimizers
