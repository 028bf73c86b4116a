// SPDX-License-Identifier: MIT
#include "harness/study/resolve.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/core/text.h"
#include "harness/study/data_section.h"
#include "harness/study/merge.h"
#include "harness/study/model_files.h"
#include "harness/study/part_table.h"
#include "harness/study/settings.h"

namespace segbench::study {
namespace {

using core::Json;
using core::PartKind;

std::optional<core::ModelConfig> read_model(const Node& model, Demand demand, ProblemList& problems) {
  const core::PartSpec* architecture = find_part(PartKind::kArchitecture, model.find("architecture"), model,
                                                 "model.architecture", demand, problems);
  core::ModelConfig config;
  read_weights(model, config, problems);
  std::vector<core::ParamSpec> common = model_settings();
  std::erase_if(common, [](const core::ParamSpec& spec) {
    return spec.name == "architecture" || spec.name == "weights" || spec.name == "freeze";
  });
  const Json values = read_fields(model, "model", common, demand, problems);
  if (architecture == nullptr) return std::nullopt;
  std::vector<std::string> keys = names_of(model_settings());
  if (is_read_from_file(*architecture)) {
    keys.emplace_back("file");
    read_model_file(model, demand, config, problems);
  }
  refuse_unknown_keys(model, fmt::format("[model] of architecture {}", architecture->name),
                      names_of(architecture->params, keys), problems);
  config.architecture = architecture->name;
  config.size = values["size"];
  config.width = values["width"];
  config.weights_exclude = values["weights_exclude"].get<std::vector<std::string>>();
  config.params = read_fields(model, "model", architecture->params, demand, problems);
  if (demand == Demand::kComplete && !config.weights && !config.weights_exclude.empty()) {
    problems.add(model.find("weights_exclude")->place,
                 "model.weights_exclude has no effect without model.weights; set both or neither");
  }
  return config;
}

core::PartChoice read_training_part(PartKind kind, const Node& training, const char* key, Demand demand,
                                    ProblemList& problems) {
  const std::string path = fmt::format("training.{}", key);
  if (const Node* node = training.find(key)) return read_part(kind, *node, path, demand, problems);
  find_part(kind, nullptr, training, path, demand, problems);
  return {};
}

/// Empty where there is none, and after reporting what is wrong.
std::optional<core::PartChoice> read_schedule(const Node& training, Demand demand, ProblemList& problems) {
  const Node* node = training.find("schedule");
  if (node == nullptr || is_no_part(*node)) return std::nullopt;
  core::PartChoice choice = read_part(PartKind::kSchedule, *node, "training.schedule", demand, problems);
  return choice.name.empty() ? std::nullopt : std::optional(std::move(choice));
}

std::vector<core::PartChoice> read_augment(const Node& training, Demand demand, ProblemList& problems) {
  std::vector<core::PartChoice> choices;
  const Node* augment = training.find("augment");
  if (augment == nullptr) return choices;
  if (!augment->is_array()) {
    problems.add(augment->place, found_message("training.augment", *augment, "a list of augmentations"));
    return choices;
  }
  for (std::size_t i = 0; i < augment->children.size(); ++i) {
    choices.push_back(read_part(PartKind::kAugmentation, augment->children[i],
                                item_path("training", *augment, i), demand, problems));
  }
  return choices;
}

std::optional<core::TrainingConfig> read_training(const Node& training, Demand demand,
                                                  ProblemList& problems) {
  refuse_unknown_keys(training, "[training]",
                      names_of(training_settings(), {"loss", "optimizer", "schedule", "augment"}), problems);
  const Json values = read_fields(training, "training", training_settings(), demand, problems);
  core::TrainingConfig config{
      .epochs = values["epochs"],
      .batch_size = values["batch_size"],
      .loss = read_training_part(PartKind::kLoss, training, "loss", demand, problems),
      .optimizer = read_training_part(PartKind::kOptimizer, training, "optimizer", demand, problems),
      .schedule = read_schedule(training, demand, problems),
      .augment = read_augment(training, demand, problems),
      .select = values["select"],
      .select_by = values["select_by"],
      .evaluate_every = values["evaluate_every"],
      .batch_norm_statistics = values["batch_norm_statistics"]};
  const auto unnamed = [](const core::PartChoice& choice) { return choice.name.empty(); };
  if (unnamed(config.loss) || unnamed(config.optimizer)) return std::nullopt;
  if (std::any_of(config.augment.begin(), config.augment.end(), unnamed)) return std::nullopt;
  return config;
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

/// A part of a variant with the path at which its parameters stand.
struct PlacedPart {
  PartKind kind;
  std::string name;
  std::string path;
  Json* params;
};

std::vector<PlacedPart> parts_of(core::VariantConfig& config) {
  core::TrainingConfig& training = config.training;
  std::vector<PlacedPart> parts = {
      {PartKind::kDataSet, config.data.kind, "data", &config.data.params},
      {PartKind::kArchitecture, config.model.architecture, "model", &config.model.params},
      {PartKind::kLoss, training.loss.name, "training.loss", &training.loss.params},
      {PartKind::kOptimizer, training.optimizer.name, "training.optimizer", &training.optimizer.params}};
  if (training.schedule) {
    parts.push_back(
        {PartKind::kSchedule, training.schedule->name, "training.schedule", &training.schedule->params});
  }
  for (std::size_t i = 0; i < training.augment.size(); ++i) {
    core::PartChoice& part = training.augment[i];
    parts.push_back(
        {PartKind::kAugmentation, part.name, fmt::format("training.augment[{}]", i), &part.params});
  }
  return parts;
}

/// Parameters that are not set take the value that they stand for beside the rest of the variant.
void settle(core::VariantConfig& config) {
  const Json variant = core::to_json(config);
  for (const PlacedPart& part : parts_of(config))
    core::settle_params(core::PartRegistry::instance().get(part.kind, part.name), variant, *part.params);
}

/// What a part, and each part among its parameters, finds wrong.
void check_part(const PlacedPart& part, const Json& variant, const Node& settings, ProblemList& problems) {
  const core::PartSpec& spec = core::PartRegistry::instance().get(part.kind, part.name);
  const Node* written = find_path(settings, part.path);
  const bool is_list = written != nullptr && (written->is_array() || written_list(*written) != nullptr);
  // Where the part is written as a list, "terms[1]" of it stands at "[1]".
  const auto below = [&](const std::string& key) {
    const bool in_list = is_list && key.starts_with(spec.list_param + "[");
    return in_list ? part.path + key.substr(spec.list_param.size()) : fmt::format("{}.{}", part.path, key);
  };
  if (spec.check) {
    for (const core::PartProblem& problem : spec.check(*part.params, variant)) {
      const std::string key = problem.key.starts_with('.') ? below(problem.key.substr(1)) : problem.key;
      problems.add(blamed_place(settings, key), fmt::format("{}: {}", key, problem.message));
    }
  }
  core::visit_parts(
      spec, *part.params, [&](const core::ParamSpec& param, const std::string& key, Json& inner) {
        check_part({*param.part_of, inner.at("name"), below(key), &inner}, variant, settings, problems);
      });
}

void check_parts(const Node& settings, core::VariantConfig config, ProblemList& problems) {
  const Json variant = core::to_json(config);
  for (const PlacedPart& part : parts_of(config)) check_part(part, variant, settings, problems);
  const auto& [optimizer, schedule] = std::tie(config.training.optimizer, config.training.schedule);
  if (schedule && optimizer.params.value("decay", 0.0) > 0) {
    problems.add(blamed_place(settings, "training.schedule"),
                 "training.schedule and training.optimizer.decay exclude each other, since decay is the "
                 "schedule inverse_time; set one of them");
  }
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

}  // namespace

std::optional<core::VariantConfig> resolve(const Node& settings, Demand demand, ProblemList& problems) {
  const std::size_t before = problems.reports();
  std::optional<core::DataConfig> data;
  std::optional<core::ModelConfig> model;
  std::optional<core::TrainingConfig> training;
  if (const Node* node = section(settings, "data", demand, problems))
    data = read_data(*node, demand, problems);
  if (const Node* node = section(settings, "model", demand, problems))
    model = read_model(*node, demand, problems);
  const bool sound = problems.reports() == before;
  if (const Node* node = section(settings, "training", demand, problems)) {
    training = read_training(*node, demand, problems);
  }
  if (!data || !model || !training) return std::nullopt;
  core::VariantConfig config{.data = *data, .model = *model, .training = *training};
  choose_metric(*settings.find("training"), config, demand, problems);
  if (!sound || demand != Demand::kComplete) return config;
  settle(config);
  check_parts(settings, config, problems);
  return config;
}

Json file_layout(const core::VariantConfig& config) {
  Json layout = core::to_json(config);
  layout.erase("schema");
  layout["data"].erase("background");  // what follows from the settings; the setting is among the params
  for (const char* name : {"data", "model"}) {
    layout[name].update(layout[name]["params"]);
    layout[name].erase("params");
  }
  Json& model = layout["model"];
  for (const char* name : {"file", "weights"}) {
    if (model.contains(name)) model[name] = model[name].at("path");
  }
  if (!model.contains("weights")) model["weights"] = "";
  if (!model.contains("weights_exclude")) model["weights_exclude"] = Json::array();
  if (!model.contains("freeze")) model["freeze"] = kFreezeNothing;
  if (!config.training.schedule) layout["training"]["schedule"] = {{"name", kNoPart}};
  return layout;
}

}  // namespace segbench::study
