// SPDX-License-Identifier: MIT
#include "harness/study/resolve.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "harness/core/class_list.h"
#include "harness/core/measures.h"
#include "harness/core/text.h"
#include "harness/core/variant_fields.h"
#include "harness/study/data_section.h"
#include "harness/study/merge.h"
#include "harness/study/model_files.h"
#include "harness/study/part_table.h"

namespace segbench::study {
namespace {

using core::Json;
using core::PartKind;

bool read_model(const Node& model, Demand demand, ProblemList& problems, core::VariantConfig& config) {
  const core::PartSpec* architecture = find_part(PartKind::kArchitecture, model.find("architecture"), model,
                                                 "model.architecture", demand, problems);
  const bool needs_file = architecture != nullptr && is_read_from_file(*architecture);
  std::vector<core::ParamSpec> specs = core::specs_of(core::variant_fields(), "model");
  if (!needs_file) std::erase_if(specs, [](const core::ParamSpec& spec) { return spec.name == "file"; });
  if (architecture != nullptr) {
    refuse_unknown_keys(model, fmt::format("[model] of architecture {}", architecture->name),
                        names_of(architecture->params, names_of(specs)), problems);
  }
  std::erase_if(specs, [](const core::ParamSpec& spec) { return spec.name == "architecture"; });
  Json values = read_fields(model, "model", specs, demand, problems);
  check_freeze(model, values, problems);
  values["architecture"] = architecture == nullptr ? "" : architecture->name;
  set_fields("model", values, config);
  check_weights(model, config.model, problems);
  if (architecture == nullptr) return false;
  if (needs_file) check_model_file(model, demand, config.model, problems);
  config.model.params = read_fields(model, "model", architecture->params, demand, problems);
  if (demand == Demand::kComplete && !config.model.weights && !config.model.weights_exclude.empty()) {
    problems.add(model.find("weights_exclude")->place,
                 "model.weights_exclude has no effect without model.weights; set both or neither");
  }
  return true;
}

/// False when a part of the training is not known.
bool read_training(const Node& training, Demand demand, ProblemList& problems, core::VariantConfig& config) {
  const std::vector<core::ParamSpec> specs = core::specs_of(core::variant_fields(), "training");
  refuse_unknown_keys(training, "[training]", names_of(specs), problems);
  const Json values = read_fields(training, "training", specs, demand, problems);
  set_fields("training", values, config);
  const Node* augment = training.find("augment");
  const std::size_t wanted = augment == nullptr ? 0 : augment->children.size();
  return !values["loss"].is_null() && !values["optimizer"].is_null() && values["augment"].size() == wanted;
}

/// False when a part of it is not known.
bool read_evaluation(const Node& evaluation, Demand demand, ProblemList& problems,
                     core::VariantConfig& config) {
  const std::vector<core::ParamSpec> specs = core::specs_of(core::variant_fields(), "evaluation");
  refuse_unknown_keys(evaluation, "[evaluation]", names_of(specs), problems);
  const Json values = read_fields(evaluation, "evaluation", specs, demand, problems);
  set_fields("evaluation", values, config);
  for (const char* list : {"measures", "test_time_augmentation"}) {
    std::set<std::string> seen;
    for (const Json& word : values[list]) {
      if (seen.insert(word).second) continue;
      problems.add(evaluation.find(list)->place,
                   fmt::format("evaluation.{} lists {} twice", list, word.dump()));
    }
  }
  const Node* refine = evaluation.find("refine");
  return values["refine"].size() == (refine == nullptr ? 0 : refine->children.size());
}

/// The nearest thing in the text: the value at the key, or the innermost table or list around it.
Place blamed_place(const Node& settings, std::string key) {
  for (const char* section : {"data.params", "model.params"}) {
    if (is_at_or_below(key, section)) key.erase(key.find(".params"), 7);
  }
  while (true) {
    if (const Node* node = find_path(settings, key)) return node->place;
    const std::size_t end = key.find_last_of(".[");
    if (end == std::string::npos) return settings.place;
    key.erase(end);
  }
}

/// A threshold is between two classes, and a search needs values and a score that says something.
void check_threshold(const Node& settings, const core::VariantConfig& config, ProblemList& problems) {
  const core::EvaluationConfig& evaluation = config.evaluation;
  const auto classes = core::num_classes_of(core::to_json(config).at("data"));
  if ((evaluation.threshold || evaluation.search_threshold) && classes && *classes != 2) {
    problems.add(blamed_place(settings, "evaluation.threshold"),
                 fmt::format("evaluation.threshold is for two classes, but these data have {}; remove it, or "
                             "unite classes by data.merge",
                             *classes));
  }
  if (!evaluation.search_threshold) return;
  const std::string problem = core::metric_problem(config.evaluation.threshold_by, config.data.background);
  if (!problem.empty())
    problems.add(blamed_place(settings, "evaluation.threshold_by"), "evaluation.threshold_by: " + problem);
  if (config.evaluation.thresholds.empty())
    problems.add(blamed_place(settings, "evaluation.thresholds"), "evaluation.thresholds needs at least one");
}

/// Parameters that are not set take the value that they stand for beside the rest of the variant.
void settle(core::VariantConfig& config) {
  const Json variant = core::to_json(config);
  Json settled = variant;
  core::visit_variant_parts(
      settled, [&](PartKind kind, const std::string& name, const std::string&, Json& params) {
        core::settle_params(core::PartRegistry::instance().get(kind, name), variant, params);
      });
  config = core::variant_config_from_json(settled);
}

/// What a part, and each part among its parameters, finds wrong. `path` is where the part stands.
void check_part(const core::PartSpec& part, const std::string& path, Json& params, const Json& variant,
                const Node& settings, ProblemList& problems) {
  const Node* written = find_path(settings, path);
  const bool is_list = written != nullptr && (written->is_array() || written_list(*written) != nullptr);
  // Where the part is written as a list, "terms[1]" of it stands at "[1]".
  const auto below = [&](const std::string& key) {
    const bool in_list = is_list && key.starts_with(part.list_param + "[");
    return in_list ? path + key.substr(part.list_param.size()) : fmt::format("{}.{}", path, key);
  };
  if (part.check) {
    for (const core::PartProblem& problem : part.check(params, variant)) {
      const std::string key = problem.key.starts_with('.') ? below(problem.key.substr(1)) : problem.key;
      problems.add(blamed_place(settings, key), fmt::format("{}: {}", key, problem.message));
    }
  }
  core::visit_parts(part, params, [&](const core::ParamSpec& param, const std::string& key, Json& inner) {
    const core::PartSpec& spec =
        core::PartRegistry::instance().get(*param.part_of, inner.at("name").get<std::string>());
    check_part(spec, below(key), inner, variant, settings, problems);
  });
}

void check_parts(const Node& settings, const core::VariantConfig& config, ProblemList& problems) {
  const Json variant = core::to_json(config);
  Json parts = variant;
  core::visit_variant_parts(
      parts, [&](PartKind kind, const std::string& name, const std::string& path, Json& params) {
        check_part(core::PartRegistry::instance().get(kind, name), path, params, variant, settings, problems);
      });
  if (config.training.schedule && config.training.optimizer.params.value("decay", 0.0) > 0) {
    problems.add(blamed_place(settings, "training.schedule"),
                 "training.schedule and training.optimizer.decay exclude each other, since decay is the "
                 "schedule inverse_time; set one of them");
  }
}

void check_stopping(const Node& settings, const core::TrainingConfig& training, ProblemList& problems) {
  if (training.early_stopping_min_delta == 0 || training.early_stopping_patience) return;
  problems.add(
      blamed_place(settings, "training.early_stopping_min_delta"),
      "training.early_stopping_min_delta has no effect without training.early_stopping_patience; set "
      "both or neither");
}

void check_processes(const Node& settings, const core::TrainingConfig& training, ProblemList& problems) {
  const Place& place = blamed_place(settings, "training.processes");
  if (training.processes == 1) {
    if (training.reduce != "flat" || !training.synchronise_batch_norm)
      problems.add(blamed_place(settings, "training.reduce"),
                   "training.reduce and training.synchronise_batch_norm have no effect with one process; set "
                   "training.processes, or leave them out");
    return;
  }
  if (training.batch_size % training.processes != 0)
    problems.add(
        place,
        fmt::format("training.processes: batch_size {} cannot be shared equally by {} processes; it must "
                    "be a multiple",
                    training.batch_size, training.processes));
  if (training.accumulate_batches > 1)
    problems.add(
        place, "training.processes and training.accumulate_batches exclude each other; leave one of them 1");
}

/// The score that names the best epoch, where the file leaves it to the data; one that says nothing about
/// them is reported.
void choose_metric(const Node& training, core::VariantConfig& config, Demand demand, ProblemList& problems) {
  const Node* given = training.find("select_by");
  if (given == nullptr) {
    config.training.select_by = core::default_metric(config.data.background);
  } else if (demand == Demand::kComplete) {
    const std::string problem = core::metric_problem(config.training.select_by, config.data.background);
    if (!problem.empty()) problems.add(given->place, "training.select_by: " + problem);
  }
}

const Node* section(const Node& settings, const char* name, Demand demand, ProblemList& problems) {
  const Node* node = settings.find(name);
  if (node != nullptr && node->is_table()) return node;
  if (node != nullptr) {
    problems.add(node->place, found_message(name, *node, "a table"));
  } else if (demand == Demand::kComplete) {
    problems.add(settings.place, fmt::format("the table [{}] is missing", name));
  }
  return nullptr;
}

/// The value of a field as an experiment file has it; null where a file would leave it out.
Json written(const core::ParamSpec& spec, const Json& stored) {
  if (stored.is_null() && spec.null_word)
    return spec.part_of ? Json{{"name", *spec.null_word}} : Json(*spec.null_word);
  if ((spec.types & core::kFile) != 0 && stored.is_object()) return stored.at("path");
  if (spec.name != "lists") return stored;
  Json files = Json::object();
  for (const auto& [name, file] : stored.items())
    files[name] = escape_path(file.at("path").get<std::string>());
  return files;
}

}  // namespace

void set_fields(std::string_view table, const Json& values, core::VariantConfig& config) {
  for (const core::Field<core::VariantConfig>& field : core::variant_fields()) {
    if (const auto value = values.find(field.spec.name); field.table == table && value != values.end())
      field.set(config, *value);
  }
}

std::optional<core::VariantConfig> resolve(const Node& settings, Demand demand, ProblemList& problems) {
  const std::size_t before = problems.reports();
  core::VariantConfig config;
  const Node* data = section(settings, "data", demand, problems);
  bool known = data != nullptr && read_data(*data, demand, problems, config);
  const Node* model = section(settings, "model", demand, problems);
  known = model != nullptr && read_model(*model, demand, problems, config) && known;
  const bool sound = problems.reports() == before;
  const Node* training = section(settings, "training", demand, problems);
  known = training != nullptr && read_training(*training, demand, problems, config) && known;
  // All of it has defaults, so the table may be missing.
  if (const Node* evaluation = section(settings, "evaluation", Demand::kPresent, problems))
    known = read_evaluation(*evaluation, demand, problems, config) && known;
  if (!known) return std::nullopt;
  choose_metric(*training, config, demand, problems);
  if (!sound || demand != Demand::kComplete) return config;
  settle(config);
  check_parts(settings, config, problems);
  check_stopping(settings, config.training, problems);
  check_processes(settings, config.training, problems);
  check_threshold(settings, config, problems);
  return config;
}

Json file_layout(const core::VariantConfig& config) {
  Json layout = {{"data", config.data.params}, {"model", config.model.params}};
  for (const core::Field<core::VariantConfig>& field : core::variant_fields()) {
    const Json value = written(field.spec, field.get(config));
    if (!value.is_null()) core::table_at(layout, field.table)[field.spec.name] = value;
  }
  return layout;
}

Json written_layout(const core::VariantConfig& config) {
  Json layout = file_layout(config);
  for (const core::Field<core::VariantConfig>& field : core::variant_fields()) {
    Json& table = core::table_at(layout, field.table);
    const auto value = table.find(field.spec.name);
    if (value == table.end()) continue;
    if ((field.spec.types & (core::kFile | core::kFolder)) != 0)
      *value = escape_path(value->get<std::string>());
    if ((field.sparse && field.get(config) == *field.spec.default_value) || *value == "") table.erase(value);
  }
  return layout;
}

}  // namespace segbench::study
