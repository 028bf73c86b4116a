// SPDX-License-Identifier: MIT
#include "harness/study/merge.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

#include "harness/core/text.h"
#include "harness/core/variant_fields.h"
#include "harness/study/part_table.h"

namespace segbench::study {
namespace {

bool names_another_part(const Node& base, const Node& layer) {
  const Node* old_name = base.find("name");
  const Node* new_name = layer.find("name");
  return old_name != nullptr && new_name != nullptr && to_json(*old_name) != to_json(*new_name);
}

/// Whether a path is that of a part, or of something among its parameters.
bool is_within_part(std::string_view path) {
  const std::vector<core::Field<core::VariantConfig>>& fields = core::variant_fields();
  return std::any_of(fields.begin(), fields.end(),
                     [&](const auto& field) { return field.is_part() && is_at_or_below(path, field.key()); });
}

/// The item of a list, or of the list that stands in the place of a part.
const Node* item_at(const Node& node, std::string_view index) {
  const Node* implied = written_list(node);
  const Node* list = implied == nullptr ? &node : implied;
  std::size_t position = 0;
  const auto [end, error] = std::from_chars(index.data(), index.data() + index.size(), position);
  const bool sound = error == std::errc() && list->is_array() && position < list->children.size();
  return sound ? &list->children[position] : nullptr;
}

}  // namespace

bool is_section(std::string_view name) {
  return std::find(kSections.begin(), kSections.end(), name) != kSections.end();
}

std::optional<core::PartKind> part_kind_at(std::string_view path) {
  const core::Field<core::VariantConfig>* field = core::find_variant_field(path);
  return field != nullptr && field->is_part() ? field->spec.part_of : std::nullopt;
}

bool is_at_or_below(std::string_view path, std::string_view prefix) {
  return path.starts_with(prefix) && (path.size() == prefix.size() || path[prefix.size()] == '.');
}

void merge(Node& base, const Node& layer, std::string_view path) {
  const bool tables = base.is_table() && layer.is_table();
  if (!tables || layer.whole || (is_within_part(path) && names_another_part(base, layer))) {
    base = layer;
    return;
  }
  base.place = layer.place;
  base.key_place = layer.key_place;
  for (const Node& child : layer.children) {
    if (Node* present = base.find(child.key)) {
      merge(*present, child, path.empty() ? child.key : fmt::format("{}.{}", path, child.key));
    } else {
      base.children.push_back(child);
    }
  }
}

const Node* find_path(const Node& root, std::string_view path) {
  const Node* node = &root;
  for (const std::string& step : core::split(path, '.')) {
    const std::size_t bracket = step.ends_with(']') ? step.find('[') : std::string::npos;
    if (node != nullptr) node = node->find(step.substr(0, bracket));
    if (node != nullptr && bracket != std::string::npos)
      node = item_at(*node, std::string_view(step).substr(bracket + 1));
  }
  return node;
}

bool set_path(Node& root, std::string_view path, const Node& value) {
  Node* node = &root;
  for (const std::string& step : core::split(path, '.')) {
    if (!node->is_table()) return false;
    Node* next = node->find(step);
    if (next == nullptr) {
      node->children.push_back({.key = step, .place = value.place, .key_place = value.key_place});
      next = &node->children.back();
    }
    node = next;
  }
  const std::string key = std::exchange(node->key, {});
  merge(*node, value, path);
  node->key = key;
  return true;
}

}  // namespace segbench::study
