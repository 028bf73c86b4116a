// SPDX-License-Identifier: MIT
#include "harness/study/merge.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "harness/core/text.h"

namespace segbench::study {
namespace {

bool names_another_part(const Node& base, const Node& layer) {
  const Node* old_name = base.find("name");
  const Node* new_name = layer.find("name");
  return old_name != nullptr && new_name != nullptr && to_json(*old_name) != to_json(*new_name);
}

}  // namespace

bool is_section(std::string_view name) {
  return std::find(kSections.begin(), kSections.end(), name) != kSections.end();
}

bool is_part_path(std::string_view path) {
  return std::find(kPartPaths.begin(), kPartPaths.end(), path) != kPartPaths.end();
}

bool is_at_or_below(std::string_view path, std::string_view prefix) {
  return path.starts_with(prefix) && (path.size() == prefix.size() || path[prefix.size()] == '.');
}

void merge(Node& base, const Node& layer, std::string_view path) {
  const bool tables = base.is_table() && layer.is_table();
  if (!tables || layer.whole || (is_part_path(path) && names_another_part(base, layer))) {
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
    if (node != nullptr) node = node->find(step);
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
