// SPDX-License-Identifier: MIT
#include "harness/study/normal_form.h"

#include <fmt/format.h>

#include <utility>

#include "harness/study/merge.h"
#include "harness/study/model_files.h"
#include "harness/study/part_table.h"

namespace segbench::study {
namespace {

/// Entries reached through headers and dotted keys; a table in braces is a value.
void collect_leaves(const Node& table, const std::string& prefix, std::vector<Node>& leaves) {
  for (const Node& child : table.children) {
    const std::string path = prefix + child.key;
    if (child.is_table() && !child.braced) {
      collect_leaves(child, path + ".", leaves);
    } else {
      leaves.push_back(child);
      leaves.back().key = path;
    }
  }
}

enum class Leaves { kSettings, kAxes };

void flatten(Node& table, Leaves of, ProblemList& problems) {
  if (!table.is_table()) return;
  std::vector<Node> leaves;
  collect_leaves(table, "", leaves);
  table.children.clear();
  for (Node& leaf : leaves) {
    if (table.find(leaf.key) != nullptr) {
      problems.add(leaf.key_place, fmt::format("\"{}\" is set twice in one table", leaf.key));
    } else {
      if (of == Leaves::kSettings) normalise_setting(leaf, leaf.key, problems);
      table.children.push_back(std::move(leaf));
    }
  }
}

void normalise_matrix(Node& matrix, ProblemList& problems) {
  if (!matrix.is_table()) return;
  std::vector<Node> excludes;
  if (const Node* exclude = matrix.find("exclude")) excludes.push_back(*exclude);
  matrix.erase("exclude");
  flatten(matrix, Leaves::kAxes, problems);
  for (Node& axis : matrix.children) {
    if (!axis.is_array()) continue;
    for (Node& value : axis.children) {
      normalise_setting(value, axis.key, problems);
      value.key_place = axis.key_place;
      if (part_kind_at(axis.key) && value.find("name") != nullptr) value.whole = true;
    }
  }
  for (Node& exclude : excludes) {
    for (Node& table : exclude.children) flatten(table, Leaves::kSettings, problems);
    matrix.children.push_back(std::move(exclude));
  }
}

void normalise_search(Node& search, ProblemList& problems) {
  Node* space = search.find("space");
  if (space == nullptr || !space->is_table()) return;
  flatten(*space, Leaves::kAxes, problems);
  for (Node& range : space->children) {
    range.whole = true;
    Node* choice = range.find("choice");
    if (choice == nullptr || !choice->is_array()) continue;
    for (Node& value : choice->children) {
      normalise_setting(value, range.key, problems);
      value.key_place = range.key_place;
      if (part_kind_at(range.key) && value.find("name") != nullptr) value.whole = true;
    }
  }
}

void flatten_items(Node& document, std::string_view array, const std::vector<std::string_view>& selectors,
                   ProblemList& problems) {
  Node* tables = document.find(array);
  if (tables == nullptr || !tables->is_array()) return;
  for (Node& table : tables->children) {
    if (selectors.empty()) flatten(table, Leaves::kSettings, problems);
    for (const std::string_view selector : selectors) {
      Node* conditions = table.find(selector);
      if (conditions == nullptr) continue;
      flatten(*conditions, Leaves::kSettings, problems);
      if (!conditions->is_array()) continue;
      for (Node& item : conditions->children) flatten(item, Leaves::kSettings, problems);
    }
  }
}

}  // namespace

void normalise_setting(Node& value, std::string_view path, ProblemList& problems) {
  if (value.is_string() && is_file_setting(path)) {
    resolve_file(value, path, problems);
  } else if (const auto kind = part_kind_at(path); kind && !value.is_table()) {
    value = part_table(value, *kind);
  } else if (value.is_table()) {
    for (Node& child : value.children)
      normalise_setting(child, fmt::format("{}.{}", path, child.key), problems);
  }
}

void normalise(Node& document, ProblemList& problems) {
  for (const char* section : {"model", "training", "evaluation"}) {
    if (Node* table = document.find(section)) normalise_setting(*table, section, problems);
  }
  if (Node* matrix = document.find("matrix")) normalise_matrix(*matrix, problems);
  if (Node* search = document.find("search")) normalise_search(*search, problems);
  flatten_items(document, "variant", {}, problems);
  flatten_items(document, "claim", {"candidate", "reference"}, problems);
  flatten_items(document, "published", {"variant", "explained_by"}, problems);
}

}  // namespace segbench::study
