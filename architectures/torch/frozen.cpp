// SPDX-License-Identifier: MIT
#include "architectures/torch/frozen.h"

#include <fmt/format.h>
#include <torch/version.h>

#include <algorithm>

#include "architectures/torch/torchscript.h"

namespace segbench::architectures {
namespace {

using torch::Tensor;

/// What is wrong with the optimised module, by an image of waves; "" when it computes what the frozen one
/// does.
std::string problem_of(torch::jit::Module& optimised, torch::jit::Module& frozen, const Shape& shape,
                       const EngineOptions& options) {
  const torch::NoGradGuard no_grad;
  const Tensor x = torch::sin(torch::arange(shape.values(), torch::kFloat) * 0.37)
                       .view({1, shape.channels, shape.height, shape.width})
                       .to(options.device, options.precision)
                       .contiguous(options.memory_format);
  const Tensor expected = logits_in(frozen.forward({x})).value().to(torch::kFloat);
  try {
    for (int i = 0; i < 3; ++i) {  // the executor optimises anew in the first runs
      const Tensor distance =
          (logits_in(optimised.forward({x})).value().to(torch::kFloat) - expected).abs().max();
      const double bound = options.precision == torch::kFloat ? 1e-3 : 0.1;
      if (!(distance.item<double>() <= bound * std::max(1.0, expected.abs().max().item<double>())))
        return "gives other numbers";
    }
    return "";
  } catch (const std::exception& error) {
    return "does not run: " + cause_of(error.what());
  }
}

}  // namespace

FrozenModule freeze_module(const torch::jit::Module& module, const Shape& shape,
                           const EngineOptions& options) {
  torch::jit::Module frozen = torch::jit::freeze(module);
  torch::jit::Module copy = frozen.clone();
  torch::jit::Module optimised = torch::jit::optimize_for_inference(copy);
  const std::string problem = problem_of(optimised, frozen, shape, options);
  if (problem.empty()) return {.module = optimised, .note = ""};
  return {
      .module = frozen,
      .note = fmt::format("frozen only: what optimize_for_inference of LibTorch {} makes of this network {}",
                          TORCH_VERSION, problem)};
}

std::optional<Tensor> logits_in(const c10::IValue& value) {
  if (value.isTensor()) return value.toTensor();
  if (value.isGenericDict()) {
    for (const auto& entry : value.toGenericDict()) {
      const bool named = entry.key().isString() &&
                         (entry.key().toStringRef() == "out" || entry.key().toStringRef() == "logits");
      if (named && entry.value().isTensor()) return entry.value().toTensor();
    }
  }
  if (value.isTuple() && !value.toTupleRef().elements().empty() &&
      value.toTupleRef().elements()[0].isTensor()) {
    return value.toTupleRef().elements()[0].toTensor();
  }
  if (value.isTensorList() && !value.toTensorList().empty()) return value.toTensorList().get(0);
  return std::nullopt;
}

}  // namespace segbench::architectures
