// SPDX-License-Identifier: MIT
#include "harness/text/table.h"

#include <fmt/format.h>

#include "harness/core/optional_json.h"
#include "harness/text/numbers.h"

namespace segbench::text {

using core::Json;

Cell markup_cell(std::string text, std::string markup) {
  Cell cell(std::move(text));
  cell.markup = std::move(markup);
  return cell;
}

namespace {

Cell cell_of(Json value, std::string text, const std::vector<std::string>& trials,
             const std::string& why_undefined) {
  Cell cell;
  const bool defined = !value.is_null();
  cell.value = std::move(value);
  cell.text = defined ? std::move(text) : kUndefined;
  cell.is_number = true;
  cell.trials = trials;
  if (!defined) cell.note = why_undefined.empty() ? "not recorded" : why_undefined;
  return cell;
}

}  // namespace

Cell number_cell(std::optional<double> value, std::string text, const std::vector<std::string>& trials,
                 const std::string& why_undefined) {
  return cell_of(core::or_null(value), std::move(text), trials, why_undefined);
}

Cell number_cell(std::optional<double> value, int digits, const std::vector<std::string>& trials,
                 const std::string& why_undefined) {
  return number_cell(value, value ? fixed(*value, digits) : "", trials, why_undefined);
}

Cell integer_cell(std::optional<std::int64_t> value, const std::vector<std::string>& trials,
                  const std::string& why_undefined) {
  return cell_of(core::or_null(value), value ? grouped(*value) : "", trials, why_undefined);
}

Column number_column(std::string key, int digits) {
  return {.key = std::move(key), .number = true, .digits = digits};
}

std::string shown(const Cell& cell, const Column& column) {
  if (!cell.text.empty()) return cell.text;
  if (cell.value.is_null()) return kUndefined;
  if (cell.value.is_string()) return cell.value.get<std::string>();
  if (!cell.value.is_number_float()) return cell.value.dump();
  std::string text = fmt::format("{:.{}f}", cell.value.get<double>(), column.digits);
  if (text[0] == '-' && text.find_first_of("123456789") == std::string::npos) text.erase(0, 1);  // no "-0.0"
  return text;
}

const std::string& heading(const Column& column) {
  return column.title.empty() ? column.key : column.title;
}

bool is_shown(const Column& column) {
  return column.where == Where::kEverywhere || column.where == Where::kShown;
}

bool is_data(const Column& column) {
  return column.where == Where::kEverywhere || column.where == Where::kData;
}

}  // namespace segbench::text
