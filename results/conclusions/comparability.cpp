// SPDX-License-Identifier: MIT
#include "results/conclusions/comparability.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "harness/text/utf8.h"

namespace segbench::conclusions {
namespace {

using core::Json;

/// The bases of the used trials, each with the labels of its variants.
std::map<std::string, std::set<std::string>> labels_by_basis(const StudyInputs& inputs,
                                                             const Conclusions& model) {
  std::map<std::string, std::set<std::string>> groups;
  for (std::size_t i = 0; i < inputs.trials.size(); ++i) {
    const store::TrialRecord& record = inputs.trials[i].record;
    if (model.trials.at(i).used)
      groups[basis_of(record, model.split)].insert(text::clean(record.variant_label));
  }
  return groups;
}

}  // namespace

std::string basis_of(const store::TrialRecord& record, const std::string& split) {
  return fmt::format("data {}, {} images {}", record.data_fingerprint.substr(0, 12), split,
                     split == "test" ? record.test_set : record.selection_set);
}

bool comparable(const StudyInputs& inputs, const Conclusions& model, const std::string& variant,
                const std::string& other) {
  std::set<std::string> bases;
  for (std::size_t i = 0; i < inputs.trials.size(); ++i) {
    const TrialLine& line = model.trials.at(i);
    if (line.used && (line.variant == variant || line.variant == other))
      bases.insert(basis_of(inputs.trials[i].record, model.split));
  }
  return bases.size() < 2;
}

std::vector<std::string> incomparable_groups(const StudyInputs& inputs, const Conclusions& model) {
  const auto groups = labels_by_basis(inputs, model);
  std::vector<std::string> lines;
  if (groups.size() < 2) return lines;
  for (const auto& [basis, labels] : groups)
    lines.push_back(fmt::format("{}: {}", basis, fmt::join(labels, ", ")));
  return lines;
}

void keep_variants(StudyInputs& inputs, const std::vector<std::string>& labels) {
  const auto dropped = [&](const std::string& label) {
    return std::find(labels.begin(), labels.end(), label) == labels.end();
  };
  std::erase_if(inputs.trials, [&](const TrialInputs& trial) { return dropped(trial.record.variant_label); });
  if (!inputs.study.study.contains("variants")) return;
  Json kept = Json::array();
  for (const Json& variant : inputs.study.study.at("variants")) {
    if (!dropped(variant.value("label", ""))) kept.push_back(variant);
  }
  inputs.study.study["variants"] = std::move(kept);
}

}  // namespace segbench::conclusions
