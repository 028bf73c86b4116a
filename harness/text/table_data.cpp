// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "harness/text/table.h"
#include "harness/text/utf8.h"

namespace segbench::text {
namespace {

using core::Json;

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + '"';
}

/// The shortest text that gives the number again.
std::string csv_text(const Json& value) {
  if (value.is_null()) return "";
  if (value.is_number_float()) return fmt::format("{}", value.get<double>());
  return csv_field(clean(value.is_string() ? value.get<std::string>()
                                           : value.dump(-1, ' ', false, Json::error_handler_t::replace)));
}

nlohmann::ordered_json object_of(const Table& table, const std::vector<Cell>& row) {
  nlohmann::ordered_json object = nlohmann::ordered_json::object();
  for (std::size_t c = 0; c < row.size(); ++c) {
    if (is_data(table.columns[c])) object[table.columns[c].key] = row[c].value;
  }
  return object;
}

}  // namespace

std::string to_csv(const Table& table) {
  std::string text;
  const auto add_line = [&](auto field_of) {
    const char* separator = "";
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
      if (!is_data(table.columns[c])) continue;
      text += separator + field_of(c);
      separator = ",";
    }
    text += '\n';
  };
  add_line([&](std::size_t c) { return csv_field(clean(table.columns[c].key)); });
  for (const auto& row : table.rows) add_line([&](std::size_t c) { return csv_text(row.at(c).value); });
  return text;
}

std::string to_json_text(const Table& table) {
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (const auto& row : table.rows) rows.push_back(object_of(table, row));
  return rows.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + '\n';
}

std::string to_json_lines(const Table& table) {
  std::string text;
  for (const auto& row : table.rows)
    text +=
        object_of(table, row).dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + '\n';
  return text;
}

}  // namespace segbench::text
