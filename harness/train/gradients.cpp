// SPDX-License-Identifier: MIT
#include "harness/train/gradients.h"

namespace segbench::train {

using torch::Tensor;

NamedTensors gradients_of(const NamedTensors& tensors) {
  NamedTensors gradients;
  for (const auto& [name, tensor] : tensors) {
    if (tensor.requires_grad() && tensor.grad().defined()) gradients.emplace_back(name, tensor.grad());
  }
  return gradients;
}

void clip_gradients(const NamedTensors& gradients, std::optional<double> value, std::optional<double> norm) {
  if (gradients.empty()) return;
  const torch::NoGradGuard no_grad;
  if (value) {
    for (const auto& [name, gradient] : gradients) Tensor(gradient).clamp_(-*value, *value);
  }
  if (!norm) return;
  std::vector<Tensor> squares;
  for (const auto& [name, gradient] : gradients)
    squares.push_back(gradient.flatten().to(torch::kDouble).square().sum());
  const Tensor all = torch::stack(squares).sum().sqrt();
  const Tensor factor = (*norm / all.clamp_min(*norm));
  for (const auto& [name, gradient] : gradients) Tensor(gradient).mul_(factor.to(gradient.scalar_type()));
}

}  // namespace segbench::train
