// SPDX-License-Identifier: MIT
#include "architectures/torch/torchscript.h"

#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/script.h>

#include <fmt/format.h>

#include <optional>
#include <string_view>

#include "architectures/torch/frozen.h"
#include "architectures/torch/submodules.h"
#include "harness/core/chosen_file.h"
#include "harness/core/error.h"
#include "harness/core/pattern.h"

namespace segbench::architectures {
namespace {

using torch::Tensor;

std::string message_of(const std::exception& error) {
  const auto* ours = dynamic_cast<const c10::Error*>(&error);
  return ours != nullptr ? ours->what_without_backtrace() : error.what();
}

Tensor at_size_of(const Tensor& images, const Tensor& logits) {
  if (logits.size(2) == images.size(2) && logits.size(3) == images.size(3)) return logits;
  namespace F = torch::nn::functional;
  return F::interpolate(logits, F::InterpolateFuncOptions()
                                    .size(std::vector<std::int64_t>{images.size(2), images.size(3)})
                                    .mode(torch::kBilinear)
                                    .align_corners(false));
}

class TorchScriptNetwork : public Network {
 public:
  TorchScriptNetwork(const NetworkOptions& options, torch::jit::Module module)
      : file_(options.file->path), num_outputs_(options.num_outputs), module_(std::move(module)) {
    check_types();
    freeze(options.freeze);
    for (const auto& item : module_.named_parameters()) own(item.name, item.value, /*is_parameter=*/true);
    for (const auto& item : module_.named_buffers()) own(item.name, item.value, /*is_parameter=*/false);
  }

  Tensor forward(const Tensor& x) override {
    // What the optimising executor does depends on how often a module has run, which a resumed trial would
    // not repeat.
    const torch::jit::GraphOptimizerEnabledGuard not_optimised(false);
    const std::optional<Tensor> y = logits_in(run(x));
    if (!y)
      refuse(
          "must return a tensor, a dict with \"out\" or \"logits\", or a tuple that begins with a tensor, "
          "but "
          "returns something else");
    if (y->dim() != 4 || y->size(0) != x.size(0) || y->size(1) != num_outputs_) {
      refuse(
          fmt::format("returns the shape {} for {} images, but must return [{}, {}, height, width], one "
                      "channel per class",
                      c10::str(y->sizes()), x.size(0), x.size(0), num_outputs_));
    }
    if (y->scalar_type() != torch::kFloat) {
      refuse(fmt::format(
          "returns values of type {}, but must return float32; return the logits, not their argmax, and "
          "convert them with .float()",
          dtype_of(*y)));
    }
    return at_size_of(x, *y);
  }

  bool is_stochastic() const override { return true; }  // what its code draws is not known

  void train(bool on = true) override {
    Network::train(on);
    module_.train(on);
    for (torch::jit::Module& frozen : frozen_) frozen.train(false);
  }

 private:
  static std::string dtype_of(const Tensor& tensor) { return torch::toString(tensor.scalar_type()); }

  c10::IValue run(const Tensor& x) {
    try {
      return module_.forward({x});
    } catch (const std::exception& error) {
      throw core::UserError(fmt::format(
          "{}: the TorchScript module cannot take images {} of float32 in {} mode: {}", file_,
          c10::str(x.sizes()), is_training() ? "training" : "evaluation", cause_of(message_of(error))));
    }
  }

  void check_types() const {
    const auto check = [&](const char* kind, const std::string& name, const Tensor& tensor) {
      if (!tensor.is_floating_point() || tensor.scalar_type() == torch::kFloat) return;
      refuse(fmt::format(
          "has the {} {} of type {}, but it must be float32; convert it with module.float() before it is "
          "saved",
          kind, name, dtype_of(tensor)));
    };
    for (const auto& item : module_.named_parameters()) check("parameter", item.name, item.value);
    for (const auto& item : module_.named_buffers()) check("buffer", item.name, item.value);
  }

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

/// Executes a frozen module; its logits are brought to the size of the images as TorchScriptNetwork does.
class FrozenFile : public Network {
 public:
  FrozenFile(std::string file, FrozenModule frozen) : file_(std::move(file)), frozen_(std::move(frozen)) {}

  Tensor forward(const Tensor& x) override {
    const std::optional<Tensor> y = logits_in(frozen_.module.forward({x}));
    if (!y) throw core::UserError(fmt::format("{}: the TorchScript module returns no logits", file_));
    return at_size_of(x, *y);
  }
  bool is_stochastic() const override { return false; }
  std::string note() const override { return frozen_.note; }

 private:
  std::string file_;
  FrozenModule frozen_;
};

torch::jit::Module read_module(const core::FileChoice& file) {
  core::require_unchanged(file);
  try {
    return torch::jit::load(file.path, torch::kCPU);
  } catch (const std::exception& error) {
    throw core::UserError(
        fmt::format("{}: not a TorchScript module: {}", file.path, cause_of(message_of(error))));
  }
}

}  // namespace

std::string cause_of(const std::string& message) {
  // A traceback of the interpreter ends with "RuntimeError: …" or "module.Class: …", whatever its language.
  for (std::size_t at = message.size();
       at > 0 && (at = message.rfind("Error: ", at - 1)) != std::string::npos;) {
    const std::size_t line = message.rfind('\n', at);
    const std::size_t begin = line == std::string::npos ? 0 : line + 1;
    if (message.find(' ', begin) < at) continue;  // in the middle of a sentence
    return message.substr(begin, message.find('\n', at) - begin);
  }
  constexpr std::string_view kInterpreter = "The following operation failed in the TorchScript interpreter";
  if (message.find(kInterpreter) == std::string::npos) return message.substr(0, message.find('\n'));
  const std::size_t end = message.find_last_not_of(" \n");
  const std::size_t line = end == std::string::npos ? end : message.rfind('\n', end);
  return line == std::string::npos ? message : message.substr(line + 1, end - line);
}

std::shared_ptr<Network> load_torchscript(const NetworkOptions& options) {
  SEGBENCH_CHECK(options.file.has_value(), "a torchscript network without a file");
  auto network = std::make_shared<TorchScriptNetwork>(options, read_module(*options.file));
  const torch::NoGradGuard no_grad;
  network->eval();
  network->forward(torch::zeros({1, options.in_channels, options.image_height, options.image_width}));
  return network;
}

std::shared_ptr<Network> freeze_torchscript(const NetworkOptions& options, const EngineOptions& engine) {
  SEGBENCH_CHECK(options.file.has_value(), "a torchscript network without a file");
  const std::string& file = options.file->path;
  load_torchscript(options);  // which says what is wrong with it
  try {
    torch::jit::Module module = read_module(*options.file);
    module.eval();
    module.to(engine.device, engine.precision);
    const Shape shape{options.in_channels, options.image_height, options.image_width};
    return std::make_shared<FrozenFile>(file, freeze_module(module, shape, engine));
  } catch (const c10::Error& error) {
    throw core::UserError(
        fmt::format("{}: it cannot be frozen: {}", file, cause_of(error.what_without_backtrace())));
  }
}

void probe_torchscript(const NetworkOptions& options, std::int64_t batch_size,
                       const std::vector<std::int64_t>& training_batches) {
  if (options.architecture != kTorchScript) return;
  const std::shared_ptr<Network> network = load_torchscript(options);
  const auto images = [&](std::int64_t count) {
    return torch::zeros({count, options.in_channels, options.image_height, options.image_width});
  };
  {
    const torch::NoGradGuard no_grad;
    network->forward(images(batch_size));
  }
  network->train();
  bool has_trainable = false;
  for (const Tensor& parameter : network->parameters())
    has_trainable = has_trainable || parameter.requires_grad();
  for (const std::int64_t count : training_batches) {
    if (network->forward(images(count)).requires_grad() || !has_trainable) continue;
    throw core::UserError(
        fmt::format("{}: the TorchScript module has parameters to train, but its output has no gradient in "
                    "training mode: it "
                    "was saved from code under torch.no_grad(), with detach() or after freezing, and would "
                    "not learn; save it "
                    "anew, or set model.freeze = [\"*\"] to evaluate it as it is",
                    options.file->path));
  }
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
