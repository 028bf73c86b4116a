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

/// What is recorded under these keys; "" where nothing is.
std::string environment_of(const store::TrialRecord& record, std::initializer_list<const char*> keys) {
  std::string text;
  for (const char* key : keys) {
    const Json* value = record.environment.find(key);
    if (value == nullptr || value->is_null()) continue;
    if (!text.empty()) text += ' ';
    text += value->is_string() ? value->get_ref<const std::string&>() : value->dump();
  }
  return text;
}

/// Which class is the background, and what all are called: scores leave the one out and average the others.
std::string convention_of(const store::TrialRecord& record) {
  return fmt::format("background {}, classes {}",
                     record.background ? std::to_string(*record.background) : "none",
                     fmt::join(record.class_names, " "));
}

constexpr Facet kFacets[] = {
    {"data", "data or images", false, basis_of},
    {"convention", "background or classes", false,
     [](const store::TrialRecord& record, const std::string&) { return convention_of(record); }},
    {"device", "device", false,
     [](const store::TrialRecord& record, const std::string&) {
       // Which of several equal GPUs it was does not matter.
       const std::string device = environment_of(record, {"device"}), gpu = environment_of(record, {"gpu"});
       return device.substr(0, device.find(':')) + (gpu.empty() ? "" : " " + gpu);
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

bool is_allowed(const Conclusions& model, const Facet& facet) {
  return std::find(model.allowed.begin(), model.allowed.end(), facet.key) != model.allowed.end();
}

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
    values.erase("");  // not known: of an older version, or of predictions that were imported
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
  const std::vector<const Facet*> differing =
      differing_facets(inputs, model, variant, other, /*of_costs=*/false);
  return std::all_of(differing.begin(), differing.end(),
                     [&](const Facet* facet) { return is_allowed(model, *facet); });
}

std::vector<std::string> incomparable_groups(const StudyInputs& inputs, const Conclusions& model) {
  const std::vector<const Facet*> forbidding = forbidding_facets(inputs, model);
  if (forbidding.empty()) return {};  // one group
  std::map<std::string, std::set<std::string>> groups;
  for (std::size_t i = 0; i < inputs.trials.size(); ++i) {
    if (!model.trials.at(i).used) continue;
    const store::TrialRecord& record = inputs.trials[i].record;
    std::vector<std::string> values;
    for (const Facet* facet : forbidding) {
      const std::string value = facet->read(record, model.split);
      const std::string name = facet->read == basis_of ? "" : std::string(facet->key) + " ";
      values.push_back(name + (value.empty() ? "not known" : value));
    }
    groups[fmt::format("{}", fmt::join(values, ", "))].insert(text::clean(record.variant_label));
  }
  std::vector<std::string> lines;
  if (groups.size() < 2) return lines;
  for (const auto& [values, labels] : groups)
    lines.push_back(fmt::format("{}: {}", values, fmt::join(labels, ", ")));
  return lines;
}

std::vector<const Facet*> forbidding_facets(const StudyInputs& inputs, const Conclusions& model) {
  std::vector<const Facet*> forbidding;
  for (const Facet& facet : kFacets) {
    if (facet.of_costs || is_allowed(model, facet)) continue;
    std::set<std::string> values;
    for (std::size_t i = 0; i < inputs.trials.size(); ++i) {
      if (model.trials.at(i).used) values.insert(facet.read(inputs.trials[i].record, model.split));
    }
    values.erase("");
    if (values.size() > 1) forbidding.push_back(&facet);
  }
  return forbidding;
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
