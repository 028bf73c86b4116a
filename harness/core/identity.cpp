// SPDX-License-Identifier: MIT
#include "harness/core/identity.h"

#include <fmt/format.h>

#include "harness/core/hash.h"
#include "harness/core/variant_fields.h"

namespace segbench::core {
namespace {

/// The base value of a part's parameter: as frozen_base.cpp has it, or as its specification says. Tests keep
/// a copy of both.
const Json* base_value(PartKind kind, const std::string& part, const std::string& param) {
  if (const auto parts = frozen_base().find(to_string(kind)); parts != frozen_base().end()) {
    if (const auto frozen = parts->find(part); frozen != parts->end() && frozen->contains(param))
      return &frozen->at(param);
  }
  const PartSpec* spec = PartRegistry::instance().find(kind, part);
  if (spec == nullptr) return nullptr;
  const auto base_of = [](const std::vector<ParamSpec>& params, std::string_view name) -> const Json* {
    for (const ParamSpec& known : params) {
      if (known.name == name && known.default_value) return known.base ? &*known.base : &*known.default_value;
    }
    return nullptr;
  };
  const std::size_t item = param.find("[].");
  if (item == std::string::npos) return base_of(spec->params, param);
  for (const ParamSpec& list : spec->params) {
    if (list.name == param.substr(0, item)) return base_of(list.item_params, param.substr(item + 3));
  }
  return nullptr;
}

/// Erases from `params` what has its base value, and from the parts among them.
void drop_frozen_params(PartKind kind, const std::string& part, Json& params) {
  if (const PartSpec* spec = PartRegistry::instance().find(kind, part)) {
    visit_parts(*spec, params, [&](const ParamSpec& param, const std::string& key, Json& inner) {
      if (key.ends_with(']')) {
        for (const ParamSpec& beside : param.item_params) {
          const Json* frozen = base_value(kind, part, fmt::format("{}[].{}", param.name, beside.name));
          const auto value = inner.find(beside.name);
          if (frozen != nullptr && value != inner.end() && *value == *frozen) inner.erase(value);
        }
      }
      drop_frozen_params(*param.part_of, inner.at("name"), inner);
    });
  }
  for (auto param = params.begin(); param != params.end();) {
    const Json* frozen = param.key() == "name" ? nullptr : base_value(kind, part, param.key());
    param = frozen != nullptr && *frozen == *param ? params.erase(param) : std::next(param);
  }
}

void drop_frozen_settings(const Json& frozen, Json& settings) {
  for (const auto& [key, value] : frozen.items()) {
    if (const auto found = settings.find(key); found != settings.end() && *found == value)
      settings.erase(found);
  }
}

}  // namespace

Json identity_json(const VariantConfig& config) {
  Json json = to_json(config);
  json["data"].erase("root");
  json["data"].erase("background");     // follows from kind and parameters
  json["data"].erase("channel_names");  // for people
  if (const auto lists = json["data"].find("lists"); lists != json["data"].end()) {
    for (Json& list : *lists) list.erase("path");
  }
  for (const char* key : {"file", "weights"}) {
    if (json["model"].contains(key)) json["model"][key].erase("path");
  }
  Json& training = json["training"];
  if (config.training.schedule && config.training.schedule->name == "inverse_time") {
    training["optimizer"]["decay"] = config.training.schedule->params.at("decay");  // the older spelling
    training.erase("schedule");
  }
  visit_variant_parts(json, [](PartKind kind, const std::string& name, const std::string&, Json& params) {
    drop_frozen_params(kind, name, params);
  });
  for (const char* section : {"data", "model", "training"})
    drop_frozen_settings(frozen_base().at(section), json[section]);
  return json;
}

std::string variant_id(const VariantConfig& config) {
  return sha256_hex(identity_json(config).dump()).substr(0, 16);
}

std::string trial_id(const std::string& variant_id, std::uint64_t seed, const std::string& data_fingerprint) {
  return sha256_hex(fmt::format("{}/{}/{}", variant_id, seed, data_fingerprint)).substr(0, 16);
}

}  // namespace segbench::core
