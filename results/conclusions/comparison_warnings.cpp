// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <set>

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
  return record.variant.value("data", Json::object()).value("resolution", Json()).dump();
}
std::string hardware_of(const store::TrialRecord& record) {
  const Json& e = record.environment;
  return fmt::format("{}|{}|{}|{}", e.value("cpu", Json()).dump(), e.value("gpu", Json()).dump(),
                     e.value("device", Json()).dump(), e.value("threads", Json()).dump());
}

}  // namespace

std::vector<ReportWarning> comparison_warnings(const StudyInputs& inputs, const Conclusions& model) {
  std::vector<ReportWarning> warnings;
  const auto add = [&](std::string code, std::string message, std::string remedy,
                       bool touches_scores = true) {
    warnings.push_back({.warning = {std::move(code), std::move(message), std::move(remedy)},
                        .source = "comparison",
                        .variants = {},
                        .trials = {},
                        .touches_scores = touches_scores});
  };
  if (!model.not_comparable.empty()) {
    add("not_comparable", "The variants were scored on different data or on different images of it.",
        "Compare scores only within one group.");
  }
  if (distinct(inputs, model, resolution_of).size() > 1) {
    add("different_resolutions",
        "The variants are scored at different resolutions: labels are resized to each, so scores are not "
        "strictly "
        "comparable.",
        "");
  }
  if (distinct(inputs, model, hardware_of).size() > 1) {
    add("different_machines",
        "The trials ran on different devices or thread counts: training times and memory are not comparable.",
        "",
        /*touches_scores=*/false);
  }
  if (model.split == "selection") {
    add("selection_split",
        "Scores are of the selection split, on which the epochs were chosen: they are flattered.",
        "Report on the test split.");
  }
  return warnings;
}

}  // namespace segbench::conclusions
