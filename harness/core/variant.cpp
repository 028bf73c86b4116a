// SPDX-License-Identifier: MIT
#include "harness/core/variant.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/core/error.h"
#include "harness/core/json_problem.h"
#include "harness/core/text.h"

namespace segbench::core {

Json to_json(const PartChoice& choice) {
  Json json = choice.params;
  json["name"] = choice.name;
  return json;
}

PartChoice part_choice_from_json(const Json& json) {
  PartChoice choice{.name = json.at("name").get<std::string>(), .params = json};
  choice.params.erase("name");
  return choice;
}

Json traits_of(PartKind kind, const PartChoice& choice) {
  return traits_of(PartRegistry::instance().get(kind, choice.name), choice.params);
}

Json to_json(const SplitRule& rule) {
  if (rule.fraction) return *rule.fraction;
  return fmt::format("{}", fmt::join(rule.official, "+"));
}

SplitRule split_rule_from_json(const Json& json) {
  if (json.is_number()) return {.official = {}, .fraction = json.get<double>()};
  return {.official = split(json.get<std::string>(), '+'), .fraction = std::nullopt};
}

namespace {

/// The keys of a model that are there only when they say something, so that older variants keep their
/// identity.
void add_optional(const ModelConfig& model, Json& json) {
  const auto file = [](const FileChoice& choice) {
    return Json{{"path", choice.path}, {"sha256", choice.sha256}};
  };
  if (model.file) json["file"] = file(*model.file);
  if (model.weights) json["weights"] = file(*model.weights);
  if (!model.weights_exclude.empty()) json["weights_exclude"] = model.weights_exclude;
  if (!model.freeze.is_null()) json["freeze"] = model.freeze;
}

void add_optional(const DataConfig& data, Json& json) {
  if (!data.channel_names.empty()) json["channel_names"] = data.channel_names;
  if (data.range) json["range"] = *data.range;
  if (data.range_percentiles) json["range"] = "percentiles";
  if (data.apply_orientation) json["orientation"] = "apply";
  if (data.background != kFirstClass) json["background"] = data.background ? Json(*data.background) : Json();
}

void read_optional(const Json& json, DataConfig& data) {
  if (json.contains("channel_names"))
    data.channel_names = json.at("channel_names").get<std::vector<std::string>>();
  if (const auto range = json.find("range"); range != json.end()) {
    data.range_percentiles = range->is_string();
    if (range->is_array()) data.range = range->get<std::array<double, 2>>();
  }
  data.apply_orientation = json.value("orientation", std::string("ignore")) == "apply";
  if (!json.contains("background")) return;
  const Json& index = json.at("background");
  data.background = index.is_null() ? Background() : Background(index.get<int>());
}

void read_optional(const Json& json, ModelConfig& model) {
  const auto file = [&](const char* key) -> std::optional<FileChoice> {
    if (!json.contains(key)) return std::nullopt;
    return FileChoice{.path = json.at(key).at("path"), .sha256 = json.at(key).at("sha256")};
  };
  model.file = file("file");
  model.weights = file("weights");
  if (json.contains("weights_exclude")) {
    model.weights_exclude = json.at("weights_exclude").get<std::vector<std::string>>();
  }
  if (json.contains("freeze")) model.freeze = json.at("freeze");
}

}  // namespace

Json to_json(const VariantConfig& config) {
  const DataConfig& data = config.data;
  const TrainingConfig& training = config.training;
  Json augment = Json::array();
  for (const PartChoice& choice : training.augment) augment.push_back(to_json(choice));
  Json model = {{"architecture", config.model.architecture},
                {"size", config.model.size},
                {"width", config.model.width},
                {"params", config.model.params}};
  add_optional(config.model, model);
  Json data_json = {{"kind", data.kind},
                    {"root", data.root},
                    {"resolution", data.resolution ? Json(*data.resolution) : Json("native")},
                    {"channels", data.channels},
                    {"normalise", data.normalise},
                    {"splits",
                     {{"train", to_json(data.train)},
                      {"selection", to_json(data.selection)},
                      {"test", to_json(data.test)}}},
                    {"split_seed", data.split_seed},
                    {"allow_overlap", data.allow_overlap},
                    {"params", data.params}};
  add_optional(data, data_json);
  Json training_json = {{"epochs", training.epochs},
                        {"batch_size", training.batch_size},
                        {"loss", to_json(training.loss)},
                        {"optimizer", to_json(training.optimizer)},
                        {"augment", augment},
                        {"select", training.select},
                        {"select_by", training.select_by},
                        {"evaluate_every", training.evaluate_every},
                        {"batch_norm_statistics", training.batch_norm_statistics}};
  if (training.schedule) training_json["schedule"] = to_json(*training.schedule);
  return {{"schema", 1}, {"data", data_json}, {"model", model}, {"training", training_json}};
}

VariantConfig variant_config_from_json(const Json& json) try {
  VariantConfig config;
  const Json& data = json.at("data");
  const Json& resolution = data.at("resolution");
  config.data = {.kind = data.at("kind"),
                 .root = data.at("root"),
                 .resolution = std::nullopt,
                 .channels = data.at("channels"),
                 .normalise = data.at("normalise"),
                 .train = split_rule_from_json(data.at("splits").at("train")),
                 .selection = split_rule_from_json(data.at("splits").at("selection")),
                 .test = split_rule_from_json(data.at("splits").at("test")),
                 .split_seed = data.at("split_seed"),
                 .allow_overlap = data.at("allow_overlap"),
                 .params = data.at("params")};
  if (resolution.is_array()) config.data.resolution = resolution.get<std::array<std::int64_t, 2>>();
  read_optional(data, config.data);
  const Json& model = json.at("model");
  config.model = {.architecture = model.at("architecture"),
                  .size = model.at("size"),
                  .width = model.at("width"),
                  .params = model.at("params")};
  read_optional(model, config.model);
  const Json& training = json.at("training");
  config.training = {.epochs = training.at("epochs"),
                     .batch_size = training.at("batch_size"),
                     .loss = part_choice_from_json(training.at("loss")),
                     .optimizer = part_choice_from_json(training.at("optimizer")),
                     .schedule = std::nullopt,
                     .augment = {},
                     .select = training.at("select"),
                     .select_by = training.at("select_by"),
                     .evaluate_every = training.at("evaluate_every"),
                     .batch_norm_statistics = training.value("batch_norm_statistics", "moving")};
  if (const auto schedule = training.find("schedule"); schedule != training.end())
    config.training.schedule = part_choice_from_json(*schedule);
  for (const Json& choice : training.at("augment"))
    config.training.augment.push_back(part_choice_from_json(choice));
  return config;
} catch (const Json::exception& error) {
  throw UserError(fmt::format("a resolved variant is malformed: {}", json_problem(error)));
}

}  // namespace segbench::core
