// SPDX-License-Identifier: MIT
#include "harness/core/variant.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/core/error.h"
#include "harness/core/identity.h"
#include "harness/core/json_problem.h"
#include "harness/core/text.h"
#include "harness/core/variant_fields.h"

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

std::vector<double> default_thresholds() {
  std::vector<double> thresholds;
  for (int k = 1; k < 20; ++k) thresholds.push_back(k / 20.0);
  return thresholds;
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

/// Where a variant that was stored before a setting came lacks it, it is what the program did then.
Json value_when_absent(const Field<VariantConfig>& field) {
  const Json::json_pointer frozen("/" + split(field.table, '.').front() + "/" + field.spec.name);
  if (frozen_base().contains(frozen)) return frozen_base().at(frozen);
  if (field.sparse) return *field.spec.default_value;
  throw UserError(fmt::format("a resolved variant is malformed: it has no {}", field.key()));
}

}  // namespace

Json to_json(const VariantConfig& config) {
  Json json = {{"schema", 1},
               {"data", {{"params", config.data.params}}},
               {"model", {{"params", config.model.params}}},
               {"training", Json::object()}};
  for (const Field<VariantConfig>& field : variant_fields()) {
    Json value = field.get(config);
    if (!field.sparse || value != *field.spec.default_value)
      table_at(json, field.table)[field.spec.name] = std::move(value);
  }
  const Background background = config.data.background;
  if (!config.ensemble.empty()) json["ensemble"] = config.ensemble;
  if (config.ensemble_seeds > 1) json["ensemble_seeds"] = config.ensemble_seeds;
  if (background != kFirstClass) json["data"]["background"] = background ? Json(*background) : Json();
  return json;
}

VariantConfig variant_config_from_json(const Json& json) try {
  VariantConfig config;
  config.data.params = json.at("data").at("params");
  config.model.params = json.at("model").at("params");
  for (const Field<VariantConfig>& field : variant_fields()) {
    const Json::json_pointer place("/" +
                                   std::string(fmt::format("{}", fmt::join(split(field.key(), '.'), "/"))));
    field.set(config, json.contains(place) ? json.at(place) : value_when_absent(field));
  }
  if (const auto index = json.at("data").find("background"); index != json.at("data").end())
    config.data.background = index->is_null() ? Background() : Background(index->get<int>());
  if (const auto members = json.find("ensemble"); members != json.end())
    config.ensemble = members->get<std::vector<std::string>>();
  config.ensemble_seeds = json.value("ensemble_seeds", config.ensemble_seeds);
  return config;
} catch (const Json::exception& error) {
  throw UserError(fmt::format("a resolved variant is malformed: {}", json_problem(error)));
}

}  // namespace segbench::core
