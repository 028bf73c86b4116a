// SPDX-License-Identifier: MIT
#include "architectures/networks/determinism.h"

#include <algorithm>
#include <variant>

#include "architectures/networks/architecture.h"

namespace segbench::architectures {
namespace {

const char* unordered(const Op& op) {
  if (const auto* up = std::get_if<Upsample>(&op))
    return up->mode == Resize::kBilinear ? "bilinear up-sampling" : nullptr;
  if (const auto* pool = std::get_if<AdaptiveAvgPool>(&op))
    return pool->bins > 1 ? "adaptive average pooling" : nullptr;
  return std::holds_alternative<MaxUnpool>(op) ? "max unpooling" : nullptr;
}

}  // namespace

std::vector<std::string> unordered_on_gpu(const NetworkOptions& options) {
  if (is_read_from_file(options.architecture)) return {"a network that is read from a file"};
  const Graph graph = build_graph(options);
  std::vector<std::string> found;
  for (const Node& node : graph.nodes()) {
    const char* name = unordered(node.op);
    if (name != nullptr && std::find(found.begin(), found.end(), name) == found.end())
      found.emplace_back(name);
  }
  return found;
}

}  // namespace segbench::architectures
