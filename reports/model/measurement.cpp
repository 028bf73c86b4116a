// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "harness/core/text.h"
#include "harness/text/metrics.h"
#include "reports/model/model.h"

namespace segbench::reports {
namespace {

using core::Json;

std::string text_of(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_null()) return "none";
  if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
  if (value.is_number_float()) return fmt::format("{:g}", value.get<double>());
  if (!value.is_array()) return value.dump();
  std::vector<std::string> items;
  for (const Json& item : value) items.push_back(text_of(item));
  return items.empty() ? "none" : fmt::format("{}", fmt::join(items, ", "));
}

/// Dotted keys of all leaves; a part's {"name": …, …} gives "loss = cross_entropy" and "loss.class_weights =
/// …".
void flatten(const Json& json, const std::string& prefix, std::map<std::string, std::string>& leaves) {
  const bool list_of_parts = json.is_array() && !json.empty() && json.front().is_object();
  if (json.is_object()) {
    for (const auto& [key, value] : json.items()) {
      flatten(value,
              key == "name" && !prefix.empty() ? prefix
              : prefix.empty()                 ? key
                                               : prefix + "." + key,
              leaves);
    }
  } else if (list_of_parts) {
    std::vector<std::string> items;
    for (const Json& item : json) {
      std::string text = text_of(item.value("name", Json("?")));
      for (const auto& [key, value] : item.items()) {
        if (key != "name") text += fmt::format(" ({} {})", key, text_of(value));
      }
      items.push_back(std::move(text));
    }
    leaves[prefix] = fmt::format("{}", fmt::join(items, ", "));
  } else {
    leaves[prefix] = text_of(json);
  }
}

using TrialLeaves = std::vector<std::pair<std::string, std::map<std::string, std::string>>>;

/// The leaves as facts: one a key where all trials agree, else one a value with its trials.
std::vector<Fact> facts_of(const TrialLeaves& trials, bool with_differences) {
  std::map<std::string, std::map<std::string, std::vector<std::string>>> by_key;
  for (const auto& [trial, leaves] : trials) {
    for (const auto& [key, value] : leaves) by_key[key][value].push_back(trial);
  }
  std::vector<Fact> facts;
  for (const auto& [key, values] : by_key) {
    const bool common = values.size() == 1 && values.begin()->second.size() == trials.size();
    if (!common && !with_differences) continue;
    for (const auto& [value, ids] : values) {
      facts.push_back({key, value, common ? std::vector<std::string>{} : ids});
    }
  }
  return facts;
}

TrialLeaves used_leaves(const StudyInputs& inputs, const ReportModel& model,
                        Json (*read)(const store::TrialRecord&)) {
  TrialLeaves all;
  const bool any_used =
      std::any_of(model.trials.begin(), model.trials.end(), [](const TrialLine& t) { return t.used; });
  for (std::size_t i = 0; i < inputs.trials.size(); ++i) {
    if (any_used && !model.trials[i].used) continue;
    std::map<std::string, std::string> leaves;
    flatten(read(inputs.trials[i].record), "", leaves);
    leaves.erase("schema");
    all.emplace_back(model.trials[i].id, std::move(leaves));
  }
  return all;
}

Json variant_of(const store::TrialRecord& record) {
  return record.variant.get();
}
/// With the pretrained weights, of their tensors only how many there were, and with what a second run showed.
Json environment_of(const store::TrialRecord& record) {
  Json environment = record.environment.get();
  // What the worker expects of this device is no finding; only a second run tells.
  if (environment.contains("determinism") && environment["determinism"].is_object())
    environment["determinism"].erase("grade");
  environment["verified"] =
      record.verification.is_null() ? Json("not verified") : record.verification.at("grade");
  if (record.pretrained.is_null()) return environment;
  Json weights = record.pretrained;
  for (const char* list : {"excluded", "left_out", "kept"}) weights[list] = weights.at(list).size();
  environment["pretrained_weights"] = std::move(weights);
  return environment;
}

void describe_audit(Measurement& measurement, const Json& audit) {
  const Json images = audit.value("images", Json::object());
  const Json pixels = audit.value("class_pixels", Json::object());
  for (const char* name : {"train", "selection", "test"}) {
    SplitPixels split{.split = name, .images = std::nullopt, .pixels = {}};
    if (images.contains(name) && images.at(name).is_number())
      split.images = images.at(name).get<std::int64_t>();
    if (pixels.contains(name) && pixels.at(name).is_array()) {
      split.pixels = pixels.at(name).get<std::vector<std::int64_t>>();
    }
    if (split.images || !split.pixels.empty()) measurement.class_pixels.push_back(std::move(split));
  }
  for (const Json& finding : audit.value("findings", Json::array())) {
    const std::string file = finding.value("file", "");
    measurement.audit_warnings.push_back((file.empty() ? "" : file + ": ") + finding.value("message", ""));
  }
}

std::string describe_selection(const std::vector<Fact>& settings) {
  std::string select, by;
  for (const Fact& fact : settings) {
    if (fact.name == "training.select") select = fact.value;
    if (fact.name == "training.select_by") by = fact.value;
  }
  if (select == "last") return "The weights of the last epoch are tested; nothing is chosen by a score.";
  if (select == "best" && !by.empty()) {
    return fmt::format(
        "Of each trial, the epoch with the best {} on the selection split is tested. The test split "
        "takes no part in any choice.",
        text::metric_title(by));
  }
  return "Variants differ in how the tested epoch is chosen: see training.select and training.select_by.";
}

}  // namespace

Measurement describe_measurement(const StudyInputs& inputs, const ReportModel& model) {
  Measurement measurement;
  for (Fact& fact : facts_of(used_leaves(inputs, model, variant_of), /*with_differences=*/false)) {
    const bool is_data = fact.name.starts_with("data.");
    // Where data and files lie on one machine is no property of the study.
    if (fact.name == "data.root" || fact.name == "model.weights.path" || fact.name == "model.file.path")
      continue;
    (is_data ? measurement.data : measurement.settings).push_back(std::move(fact));
  }
  measurement.environment = facts_of(used_leaves(inputs, model, environment_of), /*with_differences=*/true);
  for (const TrialInputs& trial : inputs.trials) {
    if (measurement.class_names.empty()) measurement.class_names = trial.record.class_names;
  }
  describe_audit(measurement, inputs.study.study.value("audit", Json::object()));
  measurement.selection_rule = describe_selection(measurement.settings);
  measurement.seeds = inputs.study.study.value("seeds", std::vector<std::uint64_t>{});
  if (measurement.seeds.empty()) {
    std::set<std::uint64_t> seeds;
    for (const TrialLine& line : model.trials) seeds.insert(line.seed);
    measurement.seeds.assign(seeds.begin(), seeds.end());
  }
  return measurement;
}

void describe_provenance(ReportModel& model, const StudyInputs& inputs) {
  const Json& study = inputs.study.study;
  model.source_file = std::filesystem::path(study.value("source_file", "")).filename().string();
  model.source = study.value("source", "");
  const std::string run = study.value("command", "");
  if (!run.empty()) model.commands.push_back(run);
  for (const Json& command : study.value("commands", Json::array()))
    model.commands.push_back(command.get<std::string>());
  std::vector<std::string> names;
  for (const StudyPart& part : model.studies) names.push_back(part.name);
  if (names.empty()) names.push_back(model.study);
  const std::string command = fmt::format("segbench report {}", fmt::join(names, " "));
  model.commands.push_back(fmt::format("{} --metric {} --split {}", command, model.metric, model.split));
  model.commands.push_back(command + " --check");
}

}  // namespace segbench::reports
