// SPDX-License-Identifier: MIT
#include "results/conclusions/comparability.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "harness/text/utf8.h"
#include "results/conclusions/summarise.h"

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

std::string environment_of(const store::TrialRecord& record, std::initializer_list<const char*> keys) {
  std::string text;
  for (const char* key : keys) text += record.environment.value(key, Json()).dump() + " ";
  return text;
}

constexpr Facet kFacets[] = {
    {"data", "data or images", false, basis_of},
    {"device", "device", false,
     [](const store::TrialRecord& record, const std::string&) {
       // Which of several equal GPUs it was does not matter.
       const std::string device = record.environment.value("device", Json("")).dump();
       return device.substr(0, device.find(':')) + environment_of(record, {"gpu"});
     }},
    {"driver", "driver", false,
     [](const store::TrialRecord& record, const std::string&) {
       return environment_of(record, {"gpu_driver"});
     }},
    {"precision", "precision", false,
     [](const store::TrialRecord& record, const std::string&) {
       return environment_of(record, {"precision"});
     }},
    {"machine", "CPU or threads", true,
     [](const store::TrialRecord& record, const std::string&) {
       return environment_of(record, {"cpu", "threads"});
     }},
};

}  // namespace

std::span<const Facet> facets() {
  return kFacets;
}

std::vector<const Facet*> differing_facets(const StudyInputs& inputs, const Conclusions& model,
                                           const std::string& variant, const std::string& other,
                                           bool of_costs) {
  std::vector<const Facet*> differing;
  for (const Facet& facet : kFacets) {
    if (facet.of_costs && !of_costs) continue;
    std::set<std::string> values;
    for (const std::string& either : {variant, other}) {
      for (const std::size_t i : used_trials(model, either))
        values.insert(facet.read(inputs.trials[i].record, model.split));
    }
    if (values.size() > 1) differing.push_back(&facet);
  }
  return differing;
}

std::string basis_of(const store::TrialRecord& record, const std::string& split) {
  return fmt::format("data {}, {} images {}", record.data_fingerprint.substr(0, 12), split,
                     split == "test" ? record.test_set : record.selection_set);
}

bool comparable(const StudyInputs& inputs, const Conclusions& model, const std::string& variant,
                const std::string& other) {
  std::set<std::string> bases;
  for (const std::string& either : {variant, other}) {
    for (const std::size_t i : used_trials(model, either))
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
