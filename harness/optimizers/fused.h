// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/Parallel.h>
#include <torch/torch.h>

#include <array>
#include <cstdint>
#include <vector>

namespace segbench::optimizers {

/// True when update_elements() can run on this parameter.
inline bool is_fusible(const torch::Tensor& value) {
  return value.device().is_cpu() &&
         (value.scalar_type() == torch::kFloat || value.scalar_type() == torch::kDouble);
}

template <std::size_t kStates, typename Scalar, typename Rule>
void update_elements_as(const torch::Tensor& value, const torch::Tensor& gradient,
                        const std::vector<torch::Tensor>& state, const Rule& rule) {
  static_assert(kStates <= 3);
  constexpr std::int64_t kGrain =
      16384;  // elements: 64 KiB of floats, well above the cost of waking a thread
  Scalar* const x = value.data_ptr<Scalar>();
  const Scalar* const g = gradient.data_ptr<Scalar>();
  std::array<Scalar*, kStates> states;
  for (std::size_t i = 0; i < kStates; ++i) states[i] = state[i].data_ptr<Scalar>();
  at::parallel_for(0, value.numel(), kGrain, [&](std::int64_t begin, std::int64_t end) {
    const auto local = rule;  // a copy on the stack: nothing it holds can alias the tensors
    if constexpr (kStates == 0) {
#pragma GCC ivdep
      for (std::int64_t i = begin; i < end; ++i) local(x[i], g[i]);
    } else if constexpr (kStates == 1) {
      Scalar* const a = states[0];
#pragma GCC ivdep
      for (std::int64_t i = begin; i < end; ++i) local(x[i], g[i], a[i]);
    } else if constexpr (kStates == 2) {
      Scalar *const a = states[0], *const b = states[1];
#pragma GCC ivdep
      for (std::int64_t i = begin; i < end; ++i) local(x[i], g[i], a[i], b[i]);
    } else {
      Scalar *const a = states[0], *const b = states[1], *const c = states[2];
#pragma GCC ivdep
      for (std::int64_t i = begin; i < end; ++i) local(x[i], g[i], a[i], b[i], c[i]);
    }
  });
}

/// Calls rule(x, g, state…) for every element of a parameter, its gradient and its `kStates` state tensors:
/// one pass over memory, in parallel. All tensors are dense and share their strides, so any memory format
/// will do.
template <std::size_t kStates, typename Rule>
void update_elements(const torch::Tensor& value, const torch::Tensor& gradient,
                     const std::vector<torch::Tensor>& state, const Rule& rule) {
  if (value.scalar_type() == torch::kFloat) {
    update_elements_as<kStates, float>(value, gradient, state, rule.template as<float>());
  } else {
    update_elements_as<kStates, double>(value, gradient, state, rule.template as<double>());
  }
}

}  // namespace segbench::optimizers
