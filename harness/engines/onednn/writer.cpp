// SPDX-License-Identifier: MIT
#include "harness/engines/onednn/writer.h"

#include <fmt/format.h>

#include <cstddef>
#include <map>

#include "harness/core/error.h"
#include "harness/engines/onednn/fusion.h"
#include "harness/engines/onednn/joined.h"
#include "harness/engines/onednn/layout.h"
#include "harness/engines/onednn/step_writer.h"

namespace segbench::engines::onednn {
namespace {

namespace arch = architectures;

/// The last step that reads each value; the output is read for good.
std::map<int, std::size_t> last_readers(const Steps& steps) {
  std::map<int, std::size_t> last;
  for (std::size_t i = 0; i < steps.steps.size(); ++i) {
    for (const int input : steps.steps[i].planned.inputs) last[input] = i;
    if (steps.steps[i].added) last[*steps.steps[i].added] = i;
  }
  last[steps.output] = steps.steps.size();
  return last;
}

}  // namespace

Written write_program(Program& program, const arch::Graph& graph, const arch::Weights& weights,
                      std::int64_t count, WinogradUse& winograd) {
  const Steps steps = steps_of(graph);
  const std::map<int, std::size_t> last = last_readers(steps);
  Joined joined(graph, steps, count);
  Written written;
  written.images = program.make(channels_first(count, graph.at(graph.input()).shape));
  std::map<int, Map> values = {{graph.input().node, written.images}};
  for (std::size_t i = 0; i < steps.steps.size(); ++i) {
    const Step& step = steps.steps[i];
    program.begin(step.planned.output);
    const int first = step.planned.inputs[0];
    try {
      values[step.planned.output] =
          write_step({.program = program,
                      .graph = graph,
                      .weights = weights,
                      .count = count,
                      .winograd = winograd,
                      .step = step,
                      .values = values,
                      .joined = joined,
                      .is_last_reader = last.at(first) == i && first != graph.input().node});
    } catch (const dnnl::error& error) {
      const arch::Node& node = graph.at({step.planned.node});
      throw core::UserError(
          fmt::format("layer {} ({}): oneDNN: {}", node.name, kind_of(node.op), error.what()));
    }
    for (const int input : step.planned.inputs) {
      if (last.at(input) == i) values.erase(input);
    }
    if (step.added) values.erase(*step.added);
  }
  written.logits =
      program.reordered(values.at(steps.output), channels_first(count, graph.at(graph.output()).shape));
  return written;
}

}  // namespace segbench::engines::onednn
