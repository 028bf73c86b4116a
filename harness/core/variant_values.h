// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/core/field.h"
#include "harness/core/variant.h"

// The stored forms of what a variant's settings are made of.

namespace segbench::core {

template <>
struct FieldValue<PartChoice> {
  static Json write(const PartChoice& choice) { return to_json(choice); }
  static PartChoice read(const Json& json) {
    return json.is_null() ? PartChoice() : part_choice_from_json(json);
  }
};

template <>
struct FieldValue<std::vector<PartChoice>> {
  static Json write(const std::vector<PartChoice>& choices) {
    Json list = Json::array();
    for (const PartChoice& choice : choices) list.push_back(to_json(choice));
    return list;
  }
  static std::vector<PartChoice> read(const Json& json) {
    std::vector<PartChoice> choices;
    for (const Json& choice : json) choices.push_back(part_choice_from_json(choice));
    return choices;
  }
};

template <>
struct FieldValue<SplitRule> {
  static Json write(const SplitRule& rule) { return to_json(rule); }
  static SplitRule read(const Json& json) {
    return json.is_null() ? SplitRule() : split_rule_from_json(json);
  }
};

template <>
struct FieldValue<FileChoice> {
  static Json write(const FileChoice& file) { return {{"path", file.path}, {"sha256", file.sha256}}; }
  static FileChoice read(const Json& json) { return {.path = json.at("path"), .sha256 = json.at("sha256")}; }
};

template <>
struct FieldValue<std::map<std::string, FileChoice>> {
  static Json write(const std::map<std::string, FileChoice>& files) {
    Json json = Json::object();
    for (const auto& [name, file] : files) json[name] = FieldValue<FileChoice>::write(file);
    return json;
  }
  static std::map<std::string, FileChoice> read(const Json& json) {
    std::map<std::string, FileChoice> files;
    for (const auto& [name, file] : json.items()) files[name] = FieldValue<FileChoice>::read(file);
    return files;
  }
};

}  // namespace segbench::core
