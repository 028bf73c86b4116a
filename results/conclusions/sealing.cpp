// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>

#include "harness/core/study_file.h"
#include "results/conclusions/steps.h"

namespace segbench::conclusions {
namespace {

/// "" when no trial has begun.
std::string first_start(const StudyInputs& inputs) {
  std::string first;
  for (const TrialInputs& trial : inputs.trials) {
    const std::string& started = trial.record.started;
    if (!started.empty() && (first.empty() || started < first)) first = started;
  }
  return first;
}

}  // namespace

std::string say_sealing(const StudyInputs& inputs) {
  const bool has_claims = !inputs.study.study.value("claims", core::Json::array()).empty();
  const std::vector<store::SealRecord>& seals = inputs.study.seals;
  if (seals.empty())
    return has_claims ? "These claims were not sealed before the trials ran (`segbench plan --seal`)." : "";
  const std::string form = core::sealed_form_sha256(inputs.study.study);
  const auto seal = std::find_if(seals.begin(), seals.end(),
                                 [&](const store::SealRecord& record) { return record.sha256 == form; });
  if (seal == seals.end())
    return fmt::format(
        "The study was changed after it was sealed ({}): its claims, margin, seeds or variants are not those "
        "that were sealed.",
        seals.back().time);
  const std::string first = first_start(inputs);
  return fmt::format(
      "Claims, margin, seeds and variants were sealed on {}, {} (SHA-256 {}).", seal->time,
      first.empty() || seal->time <= first
          ? "before the first trial began"
          : "after the first trial had begun, so they may have been written with results in view",
      form.substr(0, 16));
}

}  // namespace segbench::conclusions
