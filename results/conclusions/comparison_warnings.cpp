// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <set>

#include "harness/core/warning_kinds.h"
#include "results/conclusions/steps.h"

namespace segbench::conclusions {
namespace {

using core::Json;

/// Distinct values of something over the used trials.
std::set<std::string> distinct(const StudyInputs& inputs, const Conclusions& model,
                               std::string (*read)(const store::TrialRecord&)) {
  std::set<std::string> values;
  for (std::size_t i = 0; i < inputs.trials.size(); ++i) {
    if (model.trials[i].used) values.insert(read(inputs.trials[i].record));
  }
  return values;
}

std::string resolution_of(const store::TrialRecord& record) {
  const Json* data = record.variant.find("data");
  return data == nullptr ? "null" : data->value("resolution", Json()).dump();
}
std::string hardware_of(const store::TrialRecord& record) {
  const Json& e = record.environment;
  return fmt::format("{}|{}|{}|{}", e.value("cpu", Json()).dump(), e.value("gpu", Json()).dump(),
                     e.value("device", Json()).dump(), e.value("threads", Json()).dump());
}

}  // namespace

std::vector<ReportWarning> comparison_warnings(const StudyInputs& inputs, const Conclusions& model) {
  std::vector<ReportWarning> warnings;
  const auto add = [&](std::string_view key) {
    core::Warning warning = core::make_warning(key);
    const bool touches = core::touches_scores(warning, "comparison");
    warnings.push_back({.warning = std::move(warning),
                        .source = "comparison",
                        .variants = {},
                        .trials = {},
                        .touches_scores = touches});
  };
  if (!model.not_comparable.empty()) add("not_comparable");
  if (distinct(inputs, model, resolution_of).size() > 1) add("different_resolutions");
  if (distinct(inputs, model, hardware_of).size() > 1) add("different_machines");
  if (model.split == "selection") add("selection_split");
  return warnings;
}

}  // namespace segbench::conclusions
