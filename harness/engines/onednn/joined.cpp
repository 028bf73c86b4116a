// SPDX-License-Identifier: MIT
#include "harness/engines/onednn/joined.h"

#include <algorithm>

#include "harness/engines/onednn/layout.h"

namespace segbench::engines::onednn {

Joined::Joined(const architectures::Graph& graph, const Steps& steps, std::int64_t count) {
  if (count != 1) return;
  for (const Step& step : steps.steps) {
    const architectures::Node& node = graph.at({step.planned.node});
    if (!std::holds_alternative<architectures::Concat>(node.op)) continue;
    Whole whole{.shape = node.shape, .parts = input_shapes(graph, node), .map = {}};
    const bool are_full = std::all_of(whole.parts.begin(), whole.parts.end() - 1, [](const auto& part) {
      return part.channels % channels_at_once() == 0;
    });
    if (!are_full) continue;
    for (std::size_t part = 0; part < whole.parts.size(); ++part) {
      const int value = step.planned.inputs[part];
      if (value != graph.input().node) places_.try_emplace(value, Place{step.planned.output, part});
    }
    wholes_.emplace(step.planned.output, std::move(whole));
  }
}

std::optional<Map> Joined::place_of(Program& program, int value) {
  const auto place = places_.find(value);
  if (place == places_.end()) return std::nullopt;
  return part_of(program, place->second.whole, place->second.part);
}

Map Joined::part_of(Program& program, int whole, std::size_t part) {
  const Whole& all = wholes_.at(whole);
  const Map map = whole_of(program, whole);
  float* values = map.values();
  for (std::size_t i = 0; i < part; ++i) values += all.parts[i].values();
  return {.memory = dnnl::memory(blocked(1, all.parts[part]), program.engine(), values), .owner = map.owner};
}

Map Joined::whole_of(Program& program, int whole) {
  Whole& all = wholes_.at(whole);
  if (!all.map) {
    // It may be a part of another one.
    const std::optional<Map> place = place_of(program, whole);
    all.map = place ? *place : program.make(blocked(1, all.shape));
  }
  return *all.map;
}

}  // namespace segbench::engines::onednn
