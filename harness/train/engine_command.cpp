// SPDX-License-Identifier: MIT
#include "harness/train/engine_command.h"

#include <fmt/ranges.h>
#include <torch/version.h>

#include <algorithm>

#include "architectures/networks/architecture.h"
#include "architectures/torch/engine.h"
#include "architectures/torch/torchscript.h"
#include "harness/core/error.h"
#include "harness/core/hash.h"
#include "harness/core/text.h"
#include "harness/engines/model_file.h"
#include "harness/engines/serve.h"
#include "harness/train/device.h"
#include "harness/train/runtime_settings.h"

namespace segbench::train {
namespace {

using architectures::EngineOptions;
using architectures::Execution;
using engines::LoadRequest;

struct NamedExecution {
  const char* name;
  Execution execution;
  std::vector<std::string> reads;
};

const std::vector<NamedExecution>& executions() {
  static const std::vector<NamedExecution> kExecutions = {
      {"eager", Execution::kEager, {engines::formats::kSegbench, engines::formats::kTorchScript}},
      {"plan", Execution::kPlan, {engines::formats::kSegbench}},
      {"torchscript", Execution::kScript, {engines::formats::kSegbench, engines::formats::kTorchScript}}};
  return kExecutions;
}

torch::ScalarType type_of(const std::string& precision) {
  if (precision == "float32") return torch::kFloat;
  if (precision == "bfloat16") return torch::kBFloat16;
  if (precision == "float16") return torch::kHalf;
  throw core::UserError(fmt::format("unknown precision \"{}\"", precision));
}

EngineOptions options_of(const LoadRequest& request, Execution execution) {
  const torch::Device device = resolve_device(request.device);
  return {.execution = execution,
          .device = device,
          .precision = type_of(request.precision),
          .memory_format = memory_format_of(request.memory_format, memory_format_on(device))};
}

/// As it is, or frozen.
std::shared_ptr<architectures::Network> read_torchscript(const LoadRequest& request,
                                                         const EngineOptions& engine) {
  architectures::NetworkOptions options{.architecture = architectures::kTorchScript,
                                        .in_channels = static_cast<int>(request.channels),
                                        .num_outputs = static_cast<int>(request.outputs),
                                        .image_height = static_cast<int>(request.height),
                                        .image_width = static_cast<int>(request.width)};
  options.file = core::FileChoice{.path = request.model, .sha256 = core::sha256_file(request.model)};
  return engine.execution == Execution::kScript ? architectures::freeze_torchscript(options, engine)
                                                : architectures::make_network(options, 0);
}

std::unique_ptr<architectures::Engine> load(const LoadRequest& request, Execution execution) {
  set_threads(request.threads);
  const EngineOptions options = options_of(request, execution);
  if (request.format == engines::formats::kTorchScript)
    return architectures::make_engine(read_torchscript(request, options), options);
  const engines::ModelFile file(request.model);
  return architectures::make_engine(architectures::build_graph(file.network()), file.weights(), options);
}

}  // namespace

std::vector<std::string> engine_names() {
  std::vector<std::string> names;
  for (const NamedExecution& known : executions()) names.emplace_back(known.name);
  return names;
}

void run_engine(const std::string& name) {
  const auto found = std::find_if(executions().begin(), executions().end(),
                                  [&](const NamedExecution& known) { return known.name == name; });
  if (found == executions().end()) {
    throw core::UserError(fmt::format("unknown engine \"{}\"{}; engines: {}", name,
                                      core::did_you_mean(name, engine_names()),
                                      fmt::join(engine_names(), ", ")));
  }
  engines::Served served{.description = {.name = name,
                                         .version = fmt::format("LibTorch {}", TORCH_VERSION),
                                         .reads = found->reads,
                                         .precisions = {"float32", "bfloat16"},
                                         .memory_formats = {"contiguous", "channels_last"}},
                         .load = [&](const LoadRequest& request) { return load(request, found->execution); }};
  if (torch::cuda::is_available()) {
    served.description.devices.emplace_back("cuda");
    served.description.precisions.emplace_back("float16");
  }
  engines::serve_standard_streams(served);
}

}  // namespace segbench::train
