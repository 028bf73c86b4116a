// SPDX-License-Identifier: MIT
#include "harness/text/table.h"

#include <fmt/format.h>

#include "harness/text/html.h"
#include "harness/text/numbers.h"
#include "harness/text/utf8.h"

namespace segbench::text {
namespace {

bool is_shown(const Column& column) {
  return column.where != Where::kCsv && column.where != Where::kHtml;
}

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\n\r") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + '"';
}

std::string csv_text(const Cell& cell) {
  if (cell.value) return fmt::format("{}", *cell.value);
  return cell.is_number ? "" : csv_field(clean(cell.text));
}

std::string markdown_text(std::string_view text) {
  std::string escaped;
  for (const char c : clean(text)) {
    if (std::string_view("|\\`*_<>[]").find(c) != std::string_view::npos) escaped += '\\';
    escaped += c;
  }
  return escaped;
}

std::string latex_text(std::string_view text) {
  std::string escaped;
  const std::string cleaned = clean(text);
  for (std::size_t i = 0; i < cleaned.size(); ++i) {
    const char c = cleaned[i];
    const std::string_view rest(cleaned.data() + i, cleaned.size() - i);
    if (std::string_view("&%$#_{}").find(c) != std::string_view::npos) {
      escaped += fmt::format("\\{}", c);
    } else if (c == '\\') {
      escaped += "\\textbackslash{}";
    } else if (c == '~' || c == '^') {
      escaped += fmt::format("\\text{}{{}}", c == '~' ? "asciitilde" : "asciicircum");
    } else if (rest.starts_with("−")) {
      escaped += "$-$", i += 2;
    } else if (rest.starts_with("–")) {
      escaped += "--", i += 2;
    } else if (rest.starts_with("\u202f")) {
      escaped += "\\,", i += 2;
    } else if (c == '<' || c == '>') {
      escaped += fmt::format("${}$", c);
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::string html_cell(const Table& table, std::size_t c, const Cell& cell, bool row_head,
                      const std::vector<std::string>& row_trials) {
  const Column& column = table.columns[c];
  std::string content = cell.markup.empty() ? escape(cell.text) : cell.markup;
  std::string attributes;
  if (column.number || cell.is_number) attributes += " class=\"n\"";
  if (column.wrap)
    attributes += " class=\"long\"";
  else if (column.key == "variant")
    attributes += " class=\"name\"";
  if (!cell.style.empty()) attributes += fmt::format(" style=\"{}\"", cell.style);
  const std::string trials = cell.trials == row_trials ? "" : trials_attribute(cell.trials);
  if (cell.value) {
    const std::string title = cell.note.empty() ? fmt::format("{:.6g}", *cell.value) : cell.note;
    content = fmt::format("<data value=\"{}\" title=\"{}\"{}>{}</data>", *cell.value, escape(title), trials,
                          content);
  } else if (!cell.note.empty() || !trials.empty()) {
    content = fmt::format("<span title=\"{}\"{}>{}</span>", escape(cell.note), trials, content);
  }
  return row_head ? fmt::format("<th scope=\"row\"{}>{}</th>", attributes, content)
                  : fmt::format("<td{}>{}</td>", attributes, content);
}

/// The trials that most of a row's numbers came from: said once, at the row.
std::vector<std::string> trials_of_row(const std::vector<Cell>& row) {
  for (const Cell& cell : row) {
    if (!cell.trials.empty()) return cell.trials;
  }
  return {};
}

}  // namespace

Cell text_cell(std::string text) {
  Cell cell;
  cell.text = std::move(text);
  return cell;
}

Cell markup_cell(std::string text, std::string markup) {
  Cell cell = text_cell(std::move(text));
  cell.markup = std::move(markup);
  return cell;
}

Cell number_cell(std::optional<double> value, std::string text, const std::vector<std::string>& trials,
                 const std::string& why_undefined) {
  Cell cell = text_cell(value ? std::move(text) : kUndefined);
  cell.is_number = true;
  cell.value = value;
  cell.trials = trials;
  if (!value) cell.note = why_undefined.empty() ? "not recorded" : why_undefined;
  return cell;
}

Cell number_cell(std::optional<double> value, int digits, const std::vector<std::string>& trials,
                 const std::string& why_undefined) {
  return number_cell(value, value ? fixed(*value, digits) : "", trials, why_undefined);
}

Cell integer_cell(std::optional<std::int64_t> value, const std::vector<std::string>& trials,
                  const std::string& why_undefined) {
  std::optional<double> number;
  if (value) number = static_cast<double>(*value);
  return number_cell(number, value ? grouped(*value) : "", trials, why_undefined);
}

std::string to_csv(const Table& table) {
  const auto in_csv = [](const Column& c) { return c.where == Where::kEverywhere || c.where == Where::kCsv; };
  std::string text;
  const auto add_line = [&](auto field_of) {
    std::string line;
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
      if (in_csv(table.columns[c])) line += (line.empty() ? "" : ",") + std::string(field_of(c));
    }
    text += line + '\n';
  };
  add_line([&](std::size_t c) { return csv_field(table.columns[c].key); });
  for (const auto& row : table.rows) add_line([&](std::size_t c) { return csv_text(row.at(c)); });
  return text;
}

std::string to_markdown(const Table& table) {
  std::string text = markdown_text(table.caption) + "\n\n|", rule = "|";
  for (const Column& column : table.columns) {
    if (!is_shown(column)) continue;
    text += ' ' + markdown_text(column.title) + " |";
    rule += column.number ? " ---: |" : " --- |";
  }
  text += '\n' + rule + '\n';
  for (const auto& row : table.rows) {
    text += '|';
    for (std::size_t c = 0; c < row.size(); ++c) {
      if (is_shown(table.columns[c])) text += ' ' + markdown_text(row[c].text) + " |";
    }
    text += '\n';
  }
  return text;
}

std::string to_latex(const Table& table) {
  std::string alignment, head;
  for (const Column& column : table.columns) {
    if (!is_shown(column)) continue;
    alignment += column.number ? 'r' : 'l';
    head += (head.empty() ? "" : " & ") + latex_text(column.title);
  }
  std::string text = fmt::format(
      "% needs \\usepackage{{booktabs}}\n\\begin{{table}}\n  \\centering\n  \\caption{{{}}}\n  "
      "\\begin{{tabular}}{{{}}}\n"
      "    \\toprule\n    {} \\\\\n    \\midrule\n",
      latex_text(table.caption), alignment, head);
  for (const auto& row : table.rows) {
    std::string line;
    bool first = true;
    for (std::size_t c = 0; c < row.size(); ++c) {
      if (!is_shown(table.columns[c])) continue;
      line += (first ? "" : " & ") + latex_text(row[c].text), first = false;
    }
    text += "    " + line + " \\\\\n";
  }
  return text + "    \\bottomrule\n  \\end{tabular}\n\\end{table}\n";
}

std::string to_html(const Table& table) {
  const auto in_html = [](const Column& c) { return c.where != Where::kCsv; };
  const std::string id = "table-" + anchor(table.name);
  std::string text = fmt::format(
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"{0}\"><table{1}>\n"
      "<caption id=\"{0}\">{2}</caption>\n<thead><tr>",
      id,
      table.sortable ? " class=\"sortable\""
      : table.heat   ? " class=\"heat\""
                     : "",
      escape(table.caption));
  for (const Column& column : table.columns) {
    if (!in_html(column)) continue;
    const std::string help = column.help.empty() ? "" : fmt::format(" title=\"{}\"", escape(column.help));
    text += fmt::format("<th scope=\"col\"{}{}>{}</th>", column.number ? " class=\"n\"" : "", help,
                        escape(column.title));
  }
  text += "</tr></thead>\n<tbody>\n";
  for (const auto& row : table.rows) {
    const std::vector<std::string> trials = trials_of_row(row);
    text += fmt::format("<tr{}>", trials_attribute(trials));
    bool head = table.row_heads;
    for (std::size_t c = 0; c < row.size(); ++c) {
      if (!in_html(table.columns[c])) continue;
      text += html_cell(table, c, row[c], head, trials);
      head = false;
    }
    text += "</tr>\n";
  }
  return text + "</tbody></table></div>\n";
}

}  // namespace segbench::text
