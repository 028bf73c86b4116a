// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>
#include <functional>

#include "harness/optimizers/optimizer.h"

// The trajectories of torch.optim and of the rules as Keras writes them, 1e-12 in double precision.

namespace segbench::optimizers {
namespace {

using core::Json;
using torch::Tensor;

constexpr int kSteps = 40;
constexpr double kRate = 0.01;

/// A curve whose gradients change their sign and range over six orders of magnitude.
Tensor gradient_at(const Tensor& x) {
  const Tensor scale = torch::logspace(-6, 0, x.numel(), 10, torch::kDouble);
  return scale * (x - 0.3) + scale * (5 * x).cos();
}
Tensor start() {
  return torch::linspace(-2, 2, 24, torch::kDouble).requires_grad_(true);
}

/// What `choice` and `reference`, which moves x by its gradient as often as it is called, make of the start.
void expect_same_path(const core::PartChoice& choice, Tensor x, const std::function<void()>& reference) {
  Tensor ours = start();
  core::PartChoice chosen = choice;
  chosen.params["learning_rate"] = kRate;
  const auto optimizer = make_optimizer(chosen, {{"x", ours}});
  for (int step = 1; step <= kSteps; ++step) {
    ours.mutable_grad() = gradient_at(ours.detach());
    optimizer->step();
    x.mutable_grad() = gradient_at(x.detach());
    reference();
    ASSERT_LE((ours - x).abs().max().item<double>(), 1e-12)
        << choice.name << choice.params.dump() << " after step " << step;
  }
  EXPECT_GT((ours - start()).abs().max().item<double>(), 0.01) << "nothing has moved";
}

template <typename TorchOptimizer, typename Options>
void expect_torch(const std::string& name, Json params, const Options& options) {
  params["convention"] = "torch";
  const Tensor x = start();
  TorchOptimizer theirs(std::vector<Tensor>{x}, options);
  expect_same_path({name, params}, x, [&] { theirs.step(); });
}

TEST(TorchDefinitions, AdamW) {
  using torch::optim::AdamW, torch::optim::AdamWOptions;
  expect_torch<AdamW>("adamw", Json::object(), AdamWOptions(kRate));  // its weight decay is ours: 0.01
  expect_torch<AdamW>("adamw", {{"weight_decay", 0.3}, {"beta1", 0.8}, {"epsilon", 1e-4}},
                      AdamWOptions(kRate).weight_decay(0.3).betas({0.8, 0.999}).eps(1e-4));
}

TEST(TorchDefinitions, Rmsprop) {
  using torch::optim::RMSprop, torch::optim::RMSpropOptions;
  expect_torch<RMSprop>("rmsprop", Json::object(), RMSpropOptions(kRate));
  expect_torch<RMSprop>("rmsprop", {{"rho", 0.8}, {"momentum", 0.9}},
                        RMSpropOptions(kRate).alpha(0.8).momentum(0.9));
  expect_torch<RMSprop>("rmsprop", {{"centered", true}, {"epsilon", 1e-3}},
                        RMSpropOptions(kRate).centered(true).eps(1e-3));
  expect_torch<RMSprop>("rmsprop", {{"centered", true}, {"momentum", 0.5}},
                        RMSpropOptions(kRate).centered(true).momentum(0.5));
}

TEST(TorchDefinitions, Adagrad) {
  using torch::optim::Adagrad, torch::optim::AdagradOptions;
  expect_torch<Adagrad>("adagrad", Json::object(), AdagradOptions(kRate));
  expect_torch<Adagrad>("adagrad", {{"decay", 0.1}, {"initial_accumulator", 0.5}},
                        AdagradOptions(kRate).lr_decay(0.1).initial_accumulator_value(0.5));
}

TEST(TorchDefinitions, NesterovMomentum) {
  using torch::optim::SGD, torch::optim::SGDOptions;
  expect_torch<SGD>("sgd", {{"momentum", 0.9}, {"nesterov", true}},
                    SGDOptions(kRate).momentum(0.9).nesterov(true));
}

/// `rule` is Keras' update_step(gradient, variable), written as it stands there; k = 1, 2, ….
void expect_keras(const std::string& name, const Json& params,
                  const std::function<Tensor(const Tensor& gradient, const Tensor& variable, int k)>& rule) {
  Tensor x = start();
  int k = 0;
  expect_same_path({name, params}, x, [&] {
    const torch::NoGradGuard no_grad;
    x.copy_(rule(x.grad(), x.detach().clone(), ++k));
  });
}

TEST(KerasDefinitions, AdamW) {
  Tensor m = torch::zeros_like(start()), v = m.clone();
  expect_keras("adamw", Json::object(), [&](const Tensor& gradient, Tensor variable, int k) {
    variable = variable - variable * 0.004 * kRate;  // _apply_weight_decay(), before the step
    m = m + (gradient - m) * (1 - 0.9);
    v = v + (gradient.square() - v) * (1 - 0.999);
    const double alpha = kRate * std::sqrt(1 - std::pow(0.999, k)) / (1 - std::pow(0.9, k));
    return variable - (m * alpha) / (v.sqrt() + 1e-7);
  });
}

TEST(KerasDefinitions, Rmsprop) {
  for (const bool centered : {false, true}) {
    for (const double momentum : {0.0, 0.7}) {
      Tensor velocity = torch::zeros_like(start()), average = velocity.clone(), moved = velocity.clone();
      expect_keras("rmsprop", {{"centered", centered}, {"momentum", momentum}},
                   [&](const Tensor& gradient, const Tensor& variable, int) {
                     velocity = 0.9 * velocity + (1 - 0.9) * gradient.square();
                     Tensor denominator = velocity + 1e-7;
                     if (centered) {
                       average = 0.9 * average + (1 - 0.9) * gradient;
                       denominator = velocity - average.square() + 1e-7;
                     }
                     const Tensor increment = kRate * gradient * denominator.rsqrt();
                     if (momentum == 0) return variable - increment;
                     moved = momentum * moved + increment;
                     return variable - moved;
                   });
    }
  }
}

TEST(KerasDefinitions, Adagrad) {
  Tensor accumulator = torch::full_like(start(), 0.1).detach();
  expect_keras("adagrad", Json::object(), [&](const Tensor& gradient, const Tensor& variable, int) {
    accumulator = accumulator + gradient.square();
    return variable - kRate * gradient / (accumulator + 1e-7).sqrt();
  });
}

TEST(KerasDefinitions, Lion) {
  for (const double weight_decay : {0.0, 0.2}) {
    Tensor m = torch::zeros_like(start());
    expect_keras("lion", {{"weight_decay", weight_decay}}, [&](const Tensor& gradient, Tensor variable, int) {
      variable = variable - variable * weight_decay * kRate;
      variable = variable - kRate * torch::sign(m * 0.9 + gradient * (1 - 0.9));
      m = m * 0.99 + gradient * (1 - 0.99);
      return variable;
    });
  }
}

}  // namespace
}  // namespace segbench::optimizers
