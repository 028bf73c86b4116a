// SPDX-License-Identifier: MIT
#include "architectures/graph/freeze.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "harness/core/error.h"
#include "harness/core/pattern.h"

namespace segbench::architectures {
namespace {

/// Whether a parameter of a node is to be frozen, by its full name.
using Rule = std::function<bool(const Node& node, const std::string& name)>;

bool is_batch_norm(const Node& node) {
  return std::holds_alternative<BatchNorm>(node.op);
}

/// The number of parameters that were frozen.
int freeze_where(Graph& graph, const Rule& rule) {
  int frozen = 0;
  for (Node& node : graph.nodes()) {
    bool all = !node.tensors.empty();
    for (TensorSpec& tensor : node.tensors) {
      if (!tensor.trainable) continue;
      tensor.frozen = tensor.frozen || rule(node, node.name + "." + tensor.name);
      frozen += tensor.frozen ? 1 : 0;
      all = all && tensor.frozen;
    }
    node.is_frozen = all && is_batch_norm(node);
  }
  return frozen;
}

void freeze_encoder(Graph& graph, bool batch_norms_too) {
  const int frozen = freeze_where(graph, [&](const Node& node, const std::string& name) {
    return name.starts_with("encoder.") && (batch_norms_too || !is_batch_norm(node));
  });
  if (frozen == 0) {
    throw core::UserError(
        "freeze is \"encoder\", but this network has no layer below \"encoder.\"; choose an encoder, or "
        "freeze "
        "by patterns of tensor names (`segbench models NAME` lists the layers)");
  }
}

void freeze_pattern(Graph& graph, const std::string& pattern) {
  bool matched = false;
  freeze_where(graph, [&](const Node&, const std::string& name) {
    const bool matches = core::matches_pattern(pattern, name);
    matched = matched || matches;
    return matches;
  });
  if (!matched) {
    throw core::UserError(fmt::format(
        "freeze: the pattern \"{}\" matches no tensor; write tensor names, with * for any text, such as "
        "\"{}.*\"",
        pattern, std::find_if(graph.nodes().begin(), graph.nodes().end(), [](const Node& node) {
                   return !node.tensors.empty();
                 })->name));
  }
}

}  // namespace

void apply_freeze(Graph& graph, const core::Json& freeze) {
  if (freeze.is_null()) return;
  if (freeze == "encoder" || freeze == "encoder_but_batch_norm") {
    freeze_encoder(graph, freeze == "encoder");
    return;
  }
  const bool patterns =
      freeze.is_array() &&
      std::all_of(freeze.begin(), freeze.end(), [](const core::Json& item) { return item.is_string(); });
  if (!patterns) {
    throw core::UserError(fmt::format(
        "freeze must be \"encoder\", \"encoder_but_batch_norm\" or a list of patterns of tensor names, but "
        "is {}",
        freeze.dump()));
  }
  for (const core::Json& pattern : freeze) freeze_pattern(graph, pattern.get<std::string>());
}

}  // namespace segbench::architectures
