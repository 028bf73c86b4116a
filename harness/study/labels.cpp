// SPDX-License-Identifier: MIT
#include "harness/study/labels.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "harness/core/variant_fields.h"
#include "harness/study/model_files.h"
#include "harness/study/resolve.h"
#include "harness/study/select.h"

namespace segbench::study {
namespace {

using core::Json;

std::string last_step(const std::string& key) {
  return key.substr(key.rfind('.') + 1);
}

std::string short_key(const std::string& key) {
  const std::string step = last_step(key);
  return step == "learning_rate" ? "lr" : step;
}

bool is_list_of_parts(const Json& value) {
  return value.is_array() && !value.empty() && value.front().is_object();
}

std::string value_text(const std::string& key, const Json& value) {
  if (value.is_string() && is_file_setting(key)) {
    const std::string name = std::filesystem::path(value.get<std::string>()).filename();
    return name.empty() ? "none" : name;
  }
  if (key == "training.schedule.name" && value == "none") return "no schedule";
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_float()) return fmt::format("{}", value.get<double>());
  if (value.is_object()) return value.value("name", std::string());
  if (!value.is_array()) return value.dump();
  std::vector<std::string> items;
  for (const Json& item : value) items.push_back(value_text(key, item));
  if (last_step(key) == "resolution") return fmt::format("{}", fmt::join(items, "x"));
  if (last_step(key) == "augment" && items.empty()) return "no augment";
  if (is_list_of_parts(value)) return fmt::format("{}", fmt::join(items, "+"));
  return fmt::format("[{}]", fmt::join(items, ","));
}

/// Whether a value is shown without its key: names, and settings whose values are understood alone.
bool speaks_for_itself(const std::string& key, const Json& value) {
  const core::Field<core::VariantConfig>* field = core::find_variant_field(key);
  const bool is_name = last_step(key) == "name" && value.is_string();
  return is_name || is_list_of_parts(value) || (field != nullptr && field->speaks);
}

std::string short_label(const core::Variant& variant, const std::vector<std::string>& keys) {
  std::vector<std::string> words;
  for (const std::string& key : keys) {
    if (!variant.axes.contains(key) || variant.axes[key].is_null()) continue;
    const Json& value = variant.axes[key];
    const bool bare = speaks_for_itself(key, value);
    words.push_back(bare || is_list_of_parts(value)
                        ? value_text(key, value)
                        : fmt::format("{}={}", short_key(key), value_text(key, value)));
  }
  return fmt::format("{}", fmt::join(words, " "));
}

std::string long_label(const core::Variant& variant, const std::vector<std::string>& keys) {
  std::vector<std::string> words;
  for (const std::string& key : keys) {
    if (variant.axes.contains(key)) words.push_back(fmt::format("{}={}", key, variant.axes[key].dump()));
  }
  return fmt::format("{}", fmt::join(words, " "));
}

/// Sets the axes among `keys`; returns those keys that are one.
std::vector<std::string> set_axes(std::vector<core::Variant>& variants, const std::vector<Json>& layouts,
                                  const std::vector<std::string>& keys) {
  std::vector<std::string> axes;
  for (core::Variant& variant : variants) variant.axes = Json::object();
  for (const std::string& key : keys) {
    std::vector<const Json*> values;
    for (const Json& layout : layouts) values.push_back(value_at(layout, key));
    const auto same = [&](const Json* value) {
      return (value == nullptr) == (values[0] == nullptr) && (value == nullptr || *value == *values[0]);
    };
    if (std::all_of(values.begin(), values.end(), same)) continue;
    axes.push_back(key);
    for (std::size_t i = 0; i < variants.size(); ++i) {
      if (values[i] != nullptr) variants[i].axes[key] = *values[i];
    }
  }
  return axes;
}

bool axes_are_unique(const std::vector<core::Variant>& variants) {
  std::set<std::string> seen;
  return std::all_of(variants.begin(), variants.end(),
                     [&](const core::Variant& variant) { return seen.insert(variant.axes.dump()).second; });
}

/// Every dotted key of every variant.
std::vector<std::string> all_keys(const std::vector<Json>& layouts) {
  std::set<std::string> keys;
  for (const Json& layout : layouts) {
    for (const std::string& key : dotted_keys(layout)) keys.insert(key);
  }
  keys.erase("data.root");
  return {keys.begin(), keys.end()};
}

/// The keys that drafts set, in file order.
std::vector<std::string> set_keys(const std::vector<Draft>& drafts) {
  std::vector<std::string> keys;
  for (const Draft& draft : drafts) {
    for (const std::string& key : draft.keys) {
      if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
    }
  }
  return keys;
}

template <typename MakeLabel>
void relabel_repeated(std::vector<core::Variant>& variants, const std::vector<Draft>& drafts,
                      MakeLabel make_label) {
  std::map<std::string, int> count;
  for (const core::Variant& variant : variants) ++count[variant.label];
  for (std::size_t i = 0; i < variants.size(); ++i) {
    const bool repeated = count[variants[i].label] > 1 || variants[i].label.empty();
    if (!drafts[i].label && repeated) variants[i].label = make_label(variants[i]);
  }
}

}  // namespace

void name_variants(std::vector<core::Variant>& variants, const std::vector<Draft>& drafts) {
  std::vector<Json> layouts;
  for (const core::Variant& variant : variants) layouts.push_back(file_layout(variant.config));
  std::vector<std::string> axes = set_axes(variants, layouts, set_keys(drafts));
  if (!axes_are_unique(variants)) axes = set_axes(variants, layouts, all_keys(layouts));
  for (std::size_t i = 0; i < variants.size(); ++i) {
    const core::ModelConfig& model = variants[i].config.model;
    std::vector<std::string> own;
    for (const std::string& key : axes) {
      if (std::find(drafts[i].keys.begin(), drafts[i].keys.end(), key) != drafts[i].keys.end())
        own.push_back(key);
    }
    variants[i].label = drafts[i].label ? *drafts[i].label
                        : axes.empty()  ? fmt::format("{} {}", model.architecture, model.size)
                                        : short_label(variants[i], own);
  }
  relabel_repeated(variants, drafts,
                   [&](const core::Variant& variant) { return short_label(variant, axes); });
  relabel_repeated(variants, drafts, [&](const core::Variant& variant) { return long_label(variant, axes); });
  relabel_repeated(variants, drafts, [](const core::Variant& variant) {
    return fmt::format("{} #{}", variant.label, variant.id.substr(0, 6));
  });
}

}  // namespace segbench::study
