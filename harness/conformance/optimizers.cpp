// SPDX-License-Identifier: MIT
#include "harness/conformance/optimizers.h"

#include <algorithm>

#include "harness/core/part.h"

namespace segbench::conformance {
namespace {

using core::Json;

bool is_flag(const core::PartSpec& spec, const std::string& param) {
  return std::any_of(spec.params.begin(), spec.params.end(), [&](const core::ParamSpec& known) {
    return known.name == param && known.types == core::kBool;
  });
}

/// `params` and, where the part finds nothing wrong with it, the same with a flag that it has.
void add_with_flags(const core::PartSpec& spec, const Json& params, std::vector<core::PartChoice>& choices) {
  choices.push_back({spec.name, params});
  for (const core::ParamSpec& param : spec.params) {
    if (param.types != core::kBool) continue;
    Json flagged = params;
    flagged[param.name] = true;
    if (!spec.check || spec.check(core::with_defaults(spec, flagged), Json::object()).empty())
      choices.push_back({spec.name, flagged});
  }
}

}  // namespace

std::vector<core::PartChoice> every_optimizer() {
  std::vector<core::PartChoice> choices;
  for (const core::PartSpec* spec : core::PartRegistry::instance().all(core::PartKind::kOptimizer)) {
    for (const char* convention : {"keras", "torch"}) {
      const Json common = {{"convention", convention}, {"learning_rate", 0.01}, {"decay", 0.1}};
      add_with_flags(*spec, common, choices);
      for (const auto& [condition, numbers] : spec->traits.at("state_per_parameter").items()) {
        if (condition == "always") continue;
        Json params = common;
        params[condition] = is_flag(*spec, condition) ? Json(true) : Json(0.9);
        add_with_flags(*spec, params, choices);
      }
    }
  }
  return choices;
}

DescentProblem::DescentProblem(torch::ScalarType type, torch::Device device) {
  torch::manual_seed(3);
  const auto channels_last = torch::MemoryFormat::ChannelsLast;
  const auto drawn = [&](at::IntArrayRef sizes) { return torch::randn(sizes, torch::kDouble).to(type); };
  weights = drawn({48, 32, 5, 5}).contiguous(channels_last).to(device).requires_grad_(true);
  target = drawn({48, 32, 5, 5}).to(device);
  bias = drawn({48}).to(device).requires_grad_(true);
}

void DescentProblem::step(optimizers::Optimizer& optimizer) const {
  optimizer.zero_grad();
  ((weights - target).pow(2).sum() + bias.pow(2).sum()).backward();
  optimizer.step();
}

}  // namespace segbench::conformance
