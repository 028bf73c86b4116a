// SPDX-License-Identifier: MIT
#include "architectures/torch/torchscript.h"

#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/script.h>

#include <fmt/format.h>

#include <optional>

#include "architectures/torch/submodules.h"
#include "harness/core/chosen_file.h"
#include "harness/core/error.h"
#include "harness/core/pattern.h"

namespace segbench::architectures {
namespace {

using torch::Tensor;

/// The first sentence of an error of LibTorch, without its stack.
std::string first_line(const std::exception& error) {
  const std::string text = error.what();
  return text.substr(0, text.find('\n'));
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

class TorchScriptNetwork : public Network {
 public:
  TorchScriptNetwork(const NetworkOptions& options, torch::jit::Module module)
      : file_(options.file->path), num_outputs_(options.num_outputs), module_(std::move(module)) {
    freeze(options.freeze);
    for (const auto& item : module_.named_parameters()) own(item.name, item.value, /*is_parameter=*/true);
    for (const auto& item : module_.named_buffers()) own(item.name, item.value, /*is_parameter=*/false);
  }

  Tensor forward(const Tensor& x) override {
    // What the optimising executor does depends on how often a module has run, which a resumed trial would
    // not repeat.
    const torch::jit::GraphOptimizerEnabledGuard not_optimised(false);
    const std::optional<Tensor> y = logits_in(module_.forward({x}));
    if (!y)
      refuse(
          "returns something else; allowed: a tensor, a dict with \"out\" or \"logits\", a tuple that begins "
          "with a tensor");
    if (y->dim() != 4 || y->size(0) != x.size(0) || y->size(1) != num_outputs_) {
      refuse(fmt::format("returns {} for {} images; allowed: [{}, {}, height, width], one channel a class",
                         c10::str(y->sizes()), x.size(0), x.size(0), num_outputs_));
    }
    if (y->size(2) == x.size(2) && y->size(3) == x.size(3)) return *y;
    namespace F = torch::nn::functional;
    return F::interpolate(*y, F::InterpolateFuncOptions()
                                  .size(std::vector<std::int64_t>{x.size(2), x.size(3)})
                                  .mode(torch::kBilinear)
                                  .align_corners(false));
  }

  bool is_stochastic() const override { return true; }  // what its code draws is not known

  void train(bool on = true) override {
    Network::train(on);
    module_.train(on);
    for (torch::jit::Module& frozen : frozen_) frozen.train(false);
  }

 private:
  [[noreturn]] void refuse(const std::string& what) const {
    throw core::UserError(fmt::format("{}: the TorchScript module {}", file_, what));
  }

  void freeze(const core::Json& patterns) {
    if (!patterns.is_array()) return;
    for (const core::Json& pattern : patterns) {
      bool fits = false;
      for (const auto& item : module_.named_parameters()) {
        if (!core::matches_pattern(pattern.get<std::string>(), item.name)) continue;
        fits = true;
        Tensor parameter = item.value;
        parameter.requires_grad_(false);
      }
      if (!fits) refuse(fmt::format("has no parameter that fits freeze = {}", pattern.dump()));
    }
    for (const auto& item : module_.named_modules()) {
      const auto own = item.value.named_parameters(/*recurse=*/false);
      bool frozen = own.size() > 0;
      for (const auto& parameter : own) frozen = frozen && !parameter.value.requires_grad();
      if (frozen) frozen_.push_back(item.value);
    }
  }

  /// Registers a tensor of the module under its dotted name; both hold the same tensor from here on.
  void own(const std::string& name, const Tensor& tensor, bool is_parameter) {
    const std::size_t dot = name.rfind('.');
    torch::nn::Module& owner = submodules_.at(dot == std::string::npos ? "" : name.substr(0, dot));
    const std::string last = name.substr(dot == std::string::npos ? 0 : dot + 1);
    if (is_parameter)
      owner.register_parameter(last, tensor, tensor.requires_grad());
    else
      owner.register_buffer(last, tensor);
  }

  std::string file_;
  std::int64_t num_outputs_;
  torch::jit::Module module_;
  std::vector<torch::jit::Module> frozen_;
  Submodules submodules_{*this};
};

torch::jit::Module read_module(const core::FileChoice& file) {
  core::require_unchanged(file);
  try {
    return torch::jit::load(file.path, torch::kCPU);
  } catch (const std::exception& error) {
    throw core::UserError(fmt::format("{}: no TorchScript module: {}", file.path, first_line(error)));
  }
}

}  // namespace

std::shared_ptr<Network> load_torchscript(const NetworkOptions& options) {
  SEGBENCH_CHECK(options.file.has_value(), "a torchscript network without a file");
  auto network = std::make_shared<TorchScriptNetwork>(options, read_module(*options.file));
  const torch::NoGradGuard no_grad;
  network->eval();
  try {
    network->forward(torch::zeros({1, options.in_channels, options.image_height, options.image_width}));
  } catch (const core::UserError&) {
    throw;
  } catch (const std::exception& error) {
    throw core::UserError(fmt::format("{}: the TorchScript module cannot take an image [1, {}, {}, {}]: {}",
                                      options.file->path, options.in_channels, options.image_height,
                                      options.image_width, first_line(error)));
  }
  return network;
}

NetworkSummary summarise_torchscript(const Network& network) {
  NetworkSummary summary;
  for (const Tensor& parameter : network.parameters()) {
    (parameter.requires_grad() ? summary.trainable : summary.non_trainable) += parameter.numel();
  }
  for (const Tensor& buffer : network.buffers()) {
    if (buffer.is_floating_point()) summary.non_trainable += buffer.numel();
  }
  return summary;
}

}  // namespace segbench::architectures
