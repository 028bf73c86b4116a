// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>

#include "architectures/networks/architecture.h"
#include "harness/core/error.h"
#include "harness/weights/match.h"

namespace segbench::weights {
namespace {

/// Follows what only pads or crops back to where it comes from.
bool is_image(const architectures::Graph& graph, architectures::Value value) {
  const architectures::Node* node = &graph.at(value);
  while (std::holds_alternative<architectures::PadToMultiple>(node->op) ||
         std::holds_alternative<architectures::ZeroPad>(node->op)) {
    node = &graph.at(node->inputs[0]);
  }
  return std::holds_alternative<architectures::Input>(node->op);
}

}  // namespace

std::vector<Target> targets_of(const architectures::NetworkOptions& options) {
  const architectures::Graph graph = architectures::build_graph(options);
  std::vector<Target> targets;
  for (const architectures::Node& node : graph.nodes()) {
    const bool reads_image =
        std::holds_alternative<architectures::Conv2d>(node.op) && is_image(graph, node.inputs[0]);
    for (const architectures::TensorSpec& tensor : node.tensors) {
      targets.push_back(
          {node.name + "." + tensor.name, tensor.shape, reads_image && tensor.name == "weight"});
    }
  }
  return targets;
}

std::vector<float> fold_channels(const std::vector<float>& rgb, std::int64_t filters, std::int64_t channels) {
  if (filters == 0 || channels == 0) return {};
  const auto pixels = static_cast<std::int64_t>(rgb.size()) / (filters * 3);
  std::vector<float> folded(static_cast<std::size_t>(filters * channels * pixels), 0.0F);
  const float scale = 3.0F / static_cast<float>(channels);
  for (std::int64_t f = 0; f < filters; ++f) {
    for (std::int64_t c = 0; c < std::max<std::int64_t>(channels, 3); ++c) {
      for (std::int64_t i = 0; i < pixels; ++i) {
        const float value = rgb[static_cast<std::size_t>((f * 3 + c % 3) * pixels + i)];
        if (channels == 1)
          folded[static_cast<std::size_t>(f * pixels + i)] += value;
        else if (c < channels)
          folded[static_cast<std::size_t>((f * channels + c) * pixels + i)] = value * scale;
      }
    }
  }
  return folded;
}

std::vector<float> values_of(const WeightFile& file, const Transfer& transfer) {
  std::vector<float> values = float_values(file.tensors().at(transfer.from));
  if (!std::all_of(values.begin(), values.end(), [](float value) { return std::isfinite(value); })) {
    throw core::UserError(fmt::format("{}: {} holds values that are infinite or not a number",
                                      file.path().string(), transfer.from));
  }
  if (!transfer.is_folded) return values;
  return fold_channels(values, transfer.to.shape[0], transfer.to.shape[1]);
}

std::string hash_in_name(const std::string& file_name) {
  constexpr std::size_t kDigits = 8;
  const std::string stem = file_name.substr(0, file_name.rfind('.'));
  if (stem.size() <= kDigits || stem[stem.size() - kDigits - 1] != '-') return "";
  const std::string digits = stem.substr(stem.size() - kDigits);
  const bool sound = std::all_of(digits.begin(), digits.end(), [](unsigned char c) {
    return std::isdigit(c) != 0 || (c >= 'a' && c <= 'f');
  });
  return sound ? digits : "";
}

}  // namespace segbench::weights
