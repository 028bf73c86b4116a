// SPDX-License-Identifier: MIT
#include "harness/study/head.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "harness/core/study_file.h"

namespace segbench::study {
namespace {

constexpr std::size_t kLongestName = 100;

}  // namespace

void check_schema(const Node& root, ProblemList& problems) {
  const Node* schema = root.find("schema");
  if (schema == nullptr) {
    problems.add(root.place, "schema is missing; it must be 1");
  } else if (schema->type != NodeType::kInteger || schema->scalar != 1) {
    problems.add(schema->place, found_message("schema", *schema, "1"));
  }
}

std::string name_problem(std::string_view name) {
  const bool sound = !name.empty() && name.size() <= kLongestName && name.front() != '.' &&
                     std::all_of(name.begin(), name.end(), [](unsigned char c) {
                       return c < 0x80 && (std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.');
                     });
  if (!sound)
    return fmt::format("1 to {} letters, digits, '-', '_' and '.', not starting with '.'", kLongestName);
  // SQLite puts files beside the store: results.sqlite-wal, results.sqlite-shm, …
  if (name == core::kCacheFolder || name.starts_with(core::kStoreFile))
    return "a name that Segbench does not use itself (as cache and results.sqlite)";
  return "";
}

/// The name becomes a folder beside the store and the caches.
std::string read_name(const Node& root, ProblemList& problems) {
  const Node* node = root.find("name");
  if (node == nullptr) {
    problems.add(root.place, fmt::format("name is missing; it must be {}", name_problem("")));
    return {};
  }
  const std::string name = node->string();
  if (const std::string allowed = name_problem(name); !allowed.empty())
    problems.add(node->place, found_message("name", *node, allowed));
  return name;
}

std::string read_question(const Node& root, ProblemList& problems) {
  const Node* node = root.find("question");
  if (node != nullptr && !node->is_string())
    problems.add(node->place, found_message("question", *node, "a string"));
  return node == nullptr ? std::string() : node->string();
}

}  // namespace segbench::study
