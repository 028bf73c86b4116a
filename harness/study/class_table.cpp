// SPDX-License-Identifier: MIT
#include "harness/study/class_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <map>
#include <optional>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/text.h"
#include "harness/study/data_section.h"
#include "harness/study/toml_reader.h"

namespace segbench::study {
namespace {

using core::Json;

/// One class as a table lists it; what it does not say is null.
struct Row {
  Place place;
  Json name, value, colour;
  bool is_void = false;
};

std::string trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\""), last = text.find_last_not_of(" \t\r\"");
  return first == std::string_view::npos ? "" : std::string(text.substr(first, last - first + 1));
}

std::string lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return text;
}

std::vector<std::string> cells_of(const std::string& line) {
  const char separator = line.find(';') != std::string::npos    ? ';'
                         : line.find('\t') != std::string::npos ? '\t'
                                                                : ',';
  std::vector<std::string> cells;
  for (const std::string& cell : core::split(line, separator)) cells.push_back(trimmed(cell));
  return cells;
}

std::optional<int> integer_of(const std::string& text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// The key under which a column of CSV is known; "" for others, which are left alone.
std::string column_name(const std::string& title) {
  static const std::map<std::string, std::string> kNames = {
      {"name", "name"},     {"class", "name"},   {"label", "name"}, {"value", "value"},
      {"id", "value"},      {"index", "value"},  {"r", "r"},        {"g", "g"},
      {"b", "b"},           {"red", "r"},        {"green", "g"},    {"blue", "b"},
      {"colour", "colour"}, {"color", "colour"}, {"void", "void"},  {"ignore", "void"}};
  const auto found = kNames.find(lower(title));
  return found == kNames.end() ? "" : found->second;
}

class CsvTable {
 public:
  CsvTable(const std::filesystem::path& file, ProblemList& problems) : file_(file), problems_(problems) {}

  std::vector<Row> rows(const std::string& text) {
    std::vector<std::string> titles;
    std::vector<Row> rows;
    int number = 0;
    for (const std::string& line : core::split(text, '\n')) {
      ++number;
      if (trimmed(line).empty()) continue;
      std::map<std::string, std::string> cells;
      const std::vector<std::string> entries = cells_of(line);
      if (titles.empty()) {
        for (const std::string& title : entries) titles.push_back(column_name(title));
        if (std::find(titles.begin(), titles.end(), "name") == titles.end()) {
          report(number, "the first line must name the columns, one of them name, class or label");
          return {};
        }
        continue;
      }
      for (std::size_t i = 0; i < std::min(titles.size(), entries.size()); ++i) {
        if (!titles[i].empty()) cells[titles[i]] = entries[i];
      }
      rows.push_back(row_of(cells, number));
    }
    return rows;
  }

 private:
  void report(int line, const std::string& message) {
    problems_.add({file_.string(), line, 1}, "data.class_table: " + message);
  }

  Row row_of(std::map<std::string, std::string>& cells, int line) {
    Row row{.place = {file_.string(), line, 1}, .name = cells["name"], .value = {}, .colour = {}};
    const std::string marked = lower(cells["void"]);
    row.is_void = marked == "1" || marked == "true" || marked == "yes";
    if (cells.contains("value")) {
      const auto value = integer_of(cells["value"]);
      if (!value) report(line, fmt::format("value must be an integer, but is \"{}\"", cells["value"]));
      row.value = value ? Json(*value) : Json();
    }
    if (cells.contains("colour")) row.colour = cells["colour"];
    if (cells.contains("r") && cells.contains("g") && cells.contains("b")) {
      std::array<int, 3> colour{};
      for (std::size_t c = 0; c < 3; ++c) {
        const std::string& text = cells[std::string(1, "rgb"[c])];
        const auto value = integer_of(text);
        if (!value || *value < 0 || *value > 255)
          report(line, fmt::format("r, g and b must be integers from 0 to 255, but one is \"{}\"", text));
        colour[c] = std::clamp(value.value_or(0), 0, 255);
      }
      row.colour = fmt::format("#{:02x}{:02x}{:02x}", colour[0], colour[1], colour[2]);
    }
    return row;
  }

  std::filesystem::path file_;
  ProblemList& problems_;
};

std::vector<Row> toml_rows(const std::filesystem::path& file, ProblemList& problems) {
  const Node root = read_toml(core::read_file(file), file.string());
  const Node* classes = root.find("class");
  if (classes == nullptr || !classes->is_array()) {
    problems.add({file.string(), 1, 1}, "data.class_table: there is no list of classes, [[class]]");
    return {};
  }
  std::vector<Row> rows;
  for (const Node& entry : classes->children) {
    refuse_unknown_keys(entry, "[[class]]", {"name", "value", "colour", "void"}, problems);
    const auto value = [&](const char* key) {
      const Node* node = entry.find(key);
      return node == nullptr ? Json() : to_json(*node);
    };
    rows.push_back({.place = entry.place,
                    .name = value("name"),
                    .value = value("value"),
                    .colour = value("colour"),
                    .is_void = value("void") == true});
  }
  return rows;
}

Node node_of(const std::string& key, const Json& value, const Place& place) {
  Node node{.key = key, .place = place, .key_place = place};
  if (value.is_array()) {
    node.type = NodeType::kArray;
    for (const Json& item : value) node.children.push_back(node_of("", item, place));
    return node;
  }
  node.type = value.is_string()           ? NodeType::kString
              : value.is_number_integer() ? NodeType::kInteger
                                          : NodeType::kNumber;
  node.scalar = value;
  return node;
}

/// The settings that a table stands for. Values and colours count when every class has them.
std::map<std::string, Json> settings_of(const std::vector<Row>& rows, ProblemList& problems) {
  std::map<std::string, Json> settings = {{"classes", Json::array()}};
  Json values = Json::array(), colours = Json::array();
  Json void_values = Json::array(), void_colours = Json::array();
  for (const Row& row : rows) {
    if (row.is_void) {
      if (!row.value.is_null()) void_values.push_back(row.value);
      if (!row.colour.is_null()) void_colours.push_back(row.colour);
      continue;
    }
    if (!row.name.is_string() || row.name == "") {
      problems.add(row.place, "data.class_table: a class has no name");
      continue;
    }
    settings["classes"].push_back(row.name);
    if (!row.value.is_null()) values.push_back(row.value);
    if (!row.colour.is_null()) colours.push_back(row.colour);
  }
  const std::size_t count = settings["classes"].size();
  for (const auto& [key, list] : {std::pair{"mask_values", &values}, {"class_colours", &colours}}) {
    if (list->size() == count && count > 0)
      settings[key] = *list;
    else if (!list->empty())
      problems.add(
          rows.front().place,
          fmt::format("data.class_table: {} of {} classes have a {}; give all of them one, or none",
                      list->size(), count, std::string_view(key) == "mask_values" ? "value" : "colour"));
  }
  if (!void_values.empty()) settings["void_values"] = void_values;
  if (!void_colours.empty()) settings["void_colours"] = void_colours;
  return settings;
}

}  // namespace

Node with_class_table(const Node& data, ProblemList& problems) {
  const Node* given = data.find("class_table");
  if (given == nullptr) return data;
  Node expanded = data;
  expanded.erase("class_table");
  if (!given->is_string() || given->string().empty()) {
    problems.add(given->place,
                 found_message("data.class_table", *given, "a file that lists classes, CSV or TOML"));
    return expanded;
  }
  const std::filesystem::path file = resolve_path(*given, "data.class_table", problems);
  std::vector<Row> rows;
  try {
    rows = file.extension() == ".toml" ? toml_rows(file, problems)
                                       : CsvTable(file, problems).rows(core::read_file(file));
  } catch (const core::UserError& error) {
    problems.add(given->place, fmt::format("data.class_table: {}", error.what()));
    return expanded;
  }
  for (const auto& [key, value] : settings_of(rows, problems)) {
    if (data.find(key) != nullptr) {
      problems.add(given->place, fmt::format("data.class_table and data.{} exclude each other: {} says both",
                                             key, file.filename().string()));
      continue;
    }
    expanded.children.push_back(node_of(key, value, given->place));
  }
  return expanded;
}

}  // namespace segbench::study
