// SPDX-License-Identifier: MIT
#include "harness/study/toml_reader.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <sstream>
#include <tuple>
#include <utility>

#include "harness/core/error.h"
#include "harness/core/text.h"

namespace segbench::study {
namespace {

constexpr int kDeepest = 32;
constexpr int kMostDots = 64;

[[noreturn]] void fail(const Place& place, const std::string& message) {
  throw core::UserError({core::Problem{place.file, place.line, place.column, message}});
}

/// toml++ 3.3 walks tables recursively when it frees them, so a key of many thousand dots would end the
/// process. Looks at what stands outside of quotes; within a text of several lines that may be prose, hence
/// the room.
void refuse_endless_nesting(std::string_view text, const std::string& file) {
  int line = 1, dots = 0, open = 0;
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n') {
      ++line, dots = 0, quote = 0;
    } else if (quote != 0) {
      if (c == '\\' && quote == '"') ++i;
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '.') {
      ++dots;
    } else if (std::string_view("=,[]{}#").find(c) != std::string_view::npos) {
      dots = 0;
      if (c == '[' || c == '{') ++open;
      if ((c == ']' || c == '}') && open > 0) --open;
    }
    if (dots > kMostDots || open > kDeepest) {
      fail({file, line, 0}, fmt::format("nested more than {} levels deep", kDeepest));
    }
  }
}

template <typename Value>
std::string date_text(const Value& value) {
  std::ostringstream out;
  out << value;
  return out.str();
}

Place place_of(const toml::source_region& region, const std::string& file) {
  return {file, static_cast<int>(region.begin.line), static_cast<int>(region.begin.column)};
}

bool stands_before(const Node& a, const Node& b) {
  return std::tie(a.key_place.line, a.key_place.column) < std::tie(b.key_place.line, b.key_place.column);
}

Node convert(const toml::node& value, const std::string& file, int depth) {
  Node node;
  node.place = node.key_place = depth == 0 ? Place{file} : place_of(value.source(), file);
  if (depth > kDeepest) fail(node.place, fmt::format("nested more than {} levels deep", kDeepest));
  if (const toml::table* table = value.as_table()) {
    node.type = NodeType::kTable;
    node.braced = table->is_inline();
    for (const auto& [key, item] : *table) {
      Node child = convert(item, file, depth + 1);
      child.key = std::string(key.str());
      child.key_place = place_of(key.source(), file);
      node.children.push_back(std::move(child));
    }
    // toml++ sorts by name; people count on the order in which they wrote.
    std::stable_sort(node.children.begin(), node.children.end(), stands_before);
  } else if (const toml::array* array = value.as_array()) {
    node.type = NodeType::kArray;
    for (const toml::node& item : *array) node.children.push_back(convert(item, file, depth + 1));
  } else if (const auto* boolean = value.as_boolean()) {
    std::tie(node.type, node.scalar) = std::pair(NodeType::kBoolean, core::Json(boolean->get()));
  } else if (const auto* integer = value.as_integer()) {
    std::tie(node.type, node.scalar) = std::pair(NodeType::kInteger, core::Json(integer->get()));
  } else if (const auto* number = value.as_floating_point()) {
    std::tie(node.type, node.scalar) = std::pair(NodeType::kNumber, core::Json(number->get()));
  } else if (const auto* string = value.as_string()) {
    std::tie(node.type, node.scalar) = std::pair(NodeType::kString, core::Json(string->get()));
  } else {
    node.type = NodeType::kDate;
    if (const auto* date = value.as_date()) node.scalar = date_text(date->get());
    if (const auto* time = value.as_time()) node.scalar = date_text(time->get());
    if (const auto* moment = value.as_date_time()) node.scalar = date_text(moment->get());
  }
  return node;
}

void move_to(Node& node, const Place& place) {
  node.place = node.key_place = place;
  for (Node& child : node.children) move_to(child, place);
}

/// The position of the '=' behind the key, of which quoted parts may hold one too.
std::size_t find_equals(std::string_view text) {
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (quote != 0 ? text[i] == quote : text[i] == '=') {
      if (quote == 0) return i;
      quote = 0;
    } else if (quote == 0 && (text[i] == '"' || text[i] == '\'')) {
      quote = text[i];
    }
  }
  return std::string_view::npos;
}

/// "a.\"b.c\"" as written becomes "a.b.c".
std::string read_key(std::string_view key, const Place& place) {
  const std::string text = fmt::format("{} = 0", key);
  refuse_endless_nesting(text, place.file);
  Node node;
  try {
    node = read_toml(text, place.file);
  } catch (const core::UserError&) {
    fail(place, fmt::format("invalid key \"{}\"; write a dotted key such as training.epochs", key));
  }
  std::string path;
  while (node.is_table()) {
    if (node.children.size() != 1) fail(place, fmt::format("invalid key \"{}\"; write one dotted key", key));
    Node child = std::move(node.children.front());
    path += (path.empty() ? "" : ".") + child.key;
    node = std::move(child);
  }
  return path;
}

Node read_value(std::string_view value, const Place& place) {
  const bool one_line = value.find('\n') == std::string_view::npos;
  std::string syntax = "a line end";
  if (one_line) {
    try {
      Node root = read_toml(fmt::format("value = {}", value), place.file);
      return std::move(root.children.front());
    } catch (const core::UserError& error) {
      syntax = error.problems().front().message;
    }
  }
  if (std::string_view("[{\"'").find(value.front()) != std::string_view::npos) {
    fail(place, fmt::format("invalid value \"{}\": {}", value, syntax));
  }
  return Node{.type = NodeType::kString, .scalar = std::string(value)};
}

}  // namespace

Node read_toml(std::string_view text, const std::string& file) {
  refuse_endless_nesting(text, file);
  try {
    return convert(toml::parse(text, std::string_view(file)), file, 0);
  } catch (const toml::parse_error& error) {
    fail(place_of(error.source(), file), fmt::format("invalid TOML: {}", error.description()));
  }
}

Override read_override(const std::string& text) {
  const Place place{"--set " + text};
  const std::size_t equals = find_equals(text);
  if (equals == std::string::npos) fail(place, "= is missing; write KEY=VALUE, such as training.epochs=2");
  const std::string_view value = core::trim(std::string_view(text).substr(equals + 1));
  const std::string path = read_key(core::trim(std::string_view(text).substr(0, equals)), place);
  if (value.empty()) fail(place, "the value after = is missing");
  Override override{text, path, read_value(value, place)};
  move_to(override.value, place);
  override.value.key = path;
  return override;
}

}  // namespace segbench::study
