// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "architectures/graph/fresh_weights.h"
#include "architectures/networks/architecture.h"
#include "architectures/onnx/writer.h"
#include "architectures/script/source.h"
#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/safetensors.h"
#include "harness/core/trial.h"
#include "harness/engines/model_file.h"
#include "harness/engines/protocol.h"
#include "harness/profile/network.h"

namespace segbench::profile {

namespace formats = engines::formats;

/// The graph with its weights: fresh ones, or those of a trial, whose file stays mapped.
struct NetworkFiles::Tensors {
  explicit Tensors(const architectures::NetworkOptions& options)
      : graph(architectures::build_graph(options)) {}

  architectures::Graph graph;
  std::optional<architectures::FreshWeights> fresh;
  std::optional<core::SafetensorsFile> stored;
  architectures::Weights weights;
};

NetworkFiles::NetworkFiles(Network network, std::filesystem::path folder, std::uint64_t seed)
    : network_(std::move(network)), folder_(std::move(folder)), seed_(seed) {}
NetworkFiles::~NetworkFiles() = default;
NetworkFiles::NetworkFiles(NetworkFiles&&) noexcept = default;

std::vector<std::string> NetworkFiles::formats() const {
  switch (network_.origin) {
    case Origin::kOnnxFile:
      return {formats::kOnnx};
    case Origin::kTorchScriptFile:
      return {formats::kTorchScript};
    default:
      return {formats::kSegbench, formats::kPython, formats::kOnnx};
  }
}

const NetworkFiles::Tensors& NetworkFiles::tensors() {
  if (tensors_ != nullptr) return *tensors_;
  SEGBENCH_CHECK(network_.options.has_value(), "the layers of {} are not known", network_.label);
  auto tensors = std::make_unique<Tensors>(*network_.options);
  if (network_.origin == Origin::kTrial) {
    tensors->stored.emplace(network_.trial / core::kWeightsFile);
    for (const auto& [name, entry] : tensors->stored->entries()) {
      if (entry.dtype == "F32") tensors->weights[name] = entry.data;
    }
  } else {
    tensors->fresh.emplace(tensors->graph, seed_);
    tensors->weights = tensors->fresh->weights();
  }
  tensors_ = std::move(tensors);
  return *tensors_;
}

const std::filesystem::path& NetworkFiles::segbench_file() {
  if (segbench_file_.empty()) {
    std::filesystem::create_directories(folder_);
    segbench_file_ = folder_ / "network.safetensors";
    engines::write_model_file(segbench_file_, *network_.options, tensors().graph, tensors().weights);
  }
  return segbench_file_;
}

std::filesystem::path NetworkFiles::file(const std::string& format, std::int64_t batch) {
  if (!network_.file.empty()) return network_.file;
  const std::filesystem::path weights = segbench_file();
  if (format == formats::kSegbench) return weights;
  if (format == formats::kPython) {
    const std::filesystem::path file = folder_ / "network.py";
    core::write_file_atomically(file, architectures::script::python_source(tensors().graph));
    return file;
  }
  SEGBENCH_CHECK(format == formats::kOnnx, "the format {}", format);
  const std::filesystem::path file = folder_ / fmt::format("network_batch{}.onnx", batch);
  architectures::onnx::write_model(file,
                                   architectures::onnx::onnx_model(tensors().graph, tensors().weights,
                                                                   {.batch = batch, .name = network_.label}));
  return file;
}

}  // namespace segbench::profile
