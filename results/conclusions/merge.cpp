// SPDX-License-Identifier: MIT
#include "results/conclusions/merge.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "harness/core/error.h"
#include "results/conclusions/search.h"

namespace segbench::conclusions {
namespace {

using core::Json;

/// A variant with the studies that have it.
struct MergedVariant {
  Json variant;
  std::vector<std::string> studies;
  std::string label() const {
    return fmt::format("{}: {}", fmt::join(studies, ", "), variant.value("label", ""));
  }
};

/// By id, in the order of their first appearance.
std::vector<MergedVariant> merge_variants(const std::vector<StudyInputs>& studies) {
  std::vector<MergedVariant> merged;
  for (const StudyInputs& inputs : studies) {
    for (const Json& variant : inputs.study.study.value("variants", Json::array())) {
      const auto known = std::find_if(merged.begin(), merged.end(), [&](const MergedVariant& one) {
        return one.variant.at("id") == variant.at("id");
      });
      if (known == merged.end())
        merged.push_back({variant, {inputs.study.name}});
      else
        known->studies.push_back(inputs.study.name);
    }
  }
  return merged;
}

/// What all studies say alike under a key; null where they differ.
Json common(const std::vector<StudyInputs>& studies, const char* key) {
  const Json first = studies.front().study.study.value(key, Json());
  const bool alike = std::all_of(studies.begin(), studies.end(), [&](const StudyInputs& inputs) {
    return inputs.study.study.value(key, Json()) == first;
  });
  return alike ? first : Json();
}

Json concatenated(const std::vector<StudyInputs>& studies, const char* key) {
  Json all = Json::array();
  for (const StudyInputs& inputs : studies) {
    for (const Json& item : inputs.study.study.value(key, Json::array())) all.push_back(item);
  }
  return all;
}

/// Of a search the draw that it chose: the best of all would be picked by the split that they are compared
/// on.
StudyInputs with_chosen_draw(StudyInputs inputs) {
  const std::optional<SearchResult> search = conclude_search(inputs);
  if (!search || search->chosen.empty()) return inputs;
  std::set<std::string> variants, trials;
  for (const SearchDraw& draw : search->draws) {
    if (draw.variant == search->chosen) continue;
    variants.insert(draw.variant);
    trials.insert(draw.trials.begin(), draw.trials.end());
  }
  const auto drop = [](Json& list, auto is_dropped) {
    Json kept = Json::array();
    for (const Json& item : list) {
      if (!is_dropped(item)) kept.push_back(item);
    }
    list = std::move(kept);
  };
  Json& study = inputs.study.study;
  drop(study["variants"],
       [&](const Json& variant) { return variants.contains(variant.at("id").get<std::string>()); });
  drop(study["trials"], [&](const Json& trial) { return trials.contains(trial.get<std::string>()); });
  std::erase_if(inputs.trials,
                [&](const TrialInputs& trial) { return variants.contains(trial.record.variant_id); });
  std::erase_if(inputs.warnings, [&](const store::WarningRecord& warning) {
    return variants.contains(warning.variant_id) || trials.contains(warning.trial_id);
  });
  return inputs;
}

void merge_trials(StudyInputs& merged, const std::vector<StudyInputs>& studies,
                  const std::map<std::string, std::string>& labels) {
  std::set<std::string> known;
  for (const StudyInputs& inputs : studies) {
    for (const TrialInputs& trial : inputs.trials) {
      if (!known.insert(trial.record.trial_id).second) continue;
      merged.trials.push_back(trial);
      const auto label = labels.find(trial.record.variant_id);
      store::TrialRecord& record = merged.trials.back().record;
      record.variant_label = label != labels.end()
                                 ? label->second
                                 : fmt::format("{}: {}", inputs.study.name, record.variant_label);
    }
    for (store::WarningRecord warning : inputs.warnings) {
      if (warning.variant_id.empty() && warning.trial_id.empty())
        warning.warning.message = fmt::format("{}: {}", inputs.study.name, warning.warning.message);
      merged.warnings.push_back(std::move(warning));
    }
    merged.study.left_out += inputs.study.left_out;
    merged.latencies.insert(merged.latencies.end(), inputs.latencies.begin(), inputs.latencies.end());
  }
}

}  // namespace

std::string merged_name(const std::vector<std::string>& names) {
  return fmt::format("{}", fmt::join(names, " + "));
}

StudyInputs merge_studies(std::vector<StudyInputs> studies) {
  SEGBENCH_CHECK(!studies.empty(), "no study to merge");
  StudyInputs merged;
  std::vector<std::string> names;
  for (StudyInputs& inputs : studies) {
    inputs = with_chosen_draw(std::move(inputs));
    names.push_back(inputs.study.name);
  }
  merged.study.name = merged_name(names);
  merged.images = studies.front().images;
  std::map<std::string, std::string> labels;
  Json variants = Json::array();
  for (const MergedVariant& one : merge_variants(studies)) {
    variants.push_back(one.variant);
    variants.back()["label"] = labels[one.variant.at("id")] = one.label();
  }
  Json& study = merged.study.study;
  study["variants"] = std::move(variants);
  study["trials"] = concatenated(studies, "trials");
  study["published"] = concatenated(studies, "published");
  for (const char* key : {"seeds", "margin", "audit"}) {
    if (const Json value = common(studies, key); !value.is_null()) study[key] = value;
  }
  study["commands"] = Json::array();
  for (const StudyInputs& inputs : studies) {
    if (const Json command = inputs.study.study.value("command", Json()); command.is_string())
      study["commands"].push_back(command);
  }
  merge_trials(merged, studies, labels);
  // The rows of one session stand together, the newest first: a session may have trials of several studies.
  std::stable_sort(merged.latencies.begin(), merged.latencies.end(),
                   [](const auto& a, const auto& b) { return a.session > b.session; });
  return merged;
}

}  // namespace segbench::conclusions
