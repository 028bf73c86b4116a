// SPDX-License-Identifier: MIT
#include <algorithm>
#include <string_view>

#include "results/conclusions/gate.h"

namespace segbench::conclusions {
namespace {

using core::Json;

/// What tells the variants and trials of the baseline from those of now.
constexpr const char* kSuffix = "@baseline";

struct Known {
  std::string id, label;
};

/// The variants that have trials.
std::vector<Known> variants_of(const StudyInputs& inputs) {
  std::vector<Known> variants;
  for (const TrialInputs& trial : inputs.trials) {
    const Known known{trial.record.variant_id, trial.record.variant_label};
    if (std::none_of(variants.begin(), variants.end(), [&](const Known& v) { return v.id == known.id; }))
      variants.push_back(known);
  }
  return variants;
}

const Known* counterpart(const Known& variant, const std::vector<Known>& others) {
  for (const auto& is_same : {+[](const Known&a, const Known&b) { return a.id == b.id; },
                              +[](const Known&a, const Known&b) { return a.label == b.label; }}) {
    const auto found = std::find_if(others.begin(), others.end(),
                                    [&](const Known& other) { return is_same(variant, other); });
    if (found != others.end()) return &*found;
  }
  return nullptr;
}

Json variant_json(const std::string& id, const std::string& label) {
  return {{"id", id}, {"label", label}};
}

}  // namespace

std::vector<ClaimResult> against_baseline(const StudyInputs& now, const StudyInputs& baseline,
                                          const Options& options, double margin) {
  // Both as one study, whose claims are that nothing has become worse.
  StudyInputs both = now;
  both.warnings.clear();
  both.study.study = {{"variants", Json::array()}, {"claims", Json::array()}};
  const std::vector<Known> before = variants_of(baseline);
  const std::string metric = options.metric.empty() ? default_metric(now) : options.metric;
  for (const Known& variant : variants_of(now)) {
    both.study.study["variants"].push_back(variant_json(variant.id, variant.label));
    const Known* old = counterpart(variant, before);
    if (old == nullptr) continue;
    both.study.study["claims"].push_back({{"candidate_id", variant.id},
                                          {"candidate_label", variant.label},
                                          {"reference_id", old->id + kSuffix},
                                          {"reference_label", old->label + " of the baseline"},
                                          {"metric", metric},
                                          {"not_worse_by", margin}});
  }
  for (const Known& variant : before)
    both.study.study["variants"].push_back(variant_json(variant.id + kSuffix, variant.label + kSuffix));
  for (TrialInputs trial : baseline.trials) {
    trial.record.trial_id += kSuffix;
    trial.record.variant_id += kSuffix;
    trial.record.variant_label += kSuffix;
    both.trials.push_back(std::move(trial));
  }
  both.images = [&](const std::string& trial, const std::string& split) {
    const bool is_old = trial.ends_with(kSuffix);
    const StudyInputs& of = is_old ? baseline : now;
    const std::string id = is_old ? trial.substr(0, trial.size() - std::string_view(kSuffix).size()) : trial;
    return of.images ? of.images(id, split) : std::vector<store::ImageRecord>();
  };
  Options of_both = options;
  of_both.metric = metric;
  return conclude(both, of_both).claims;
}

}  // namespace segbench::conclusions
