// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "harness/text/markup.h"
#include "harness/text/table.h"
#include "harness/text/utf8.h"

namespace segbench::text {
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
    } else if (c == '[') {
      escaped += "{[}";  // else it would be an option of the line end before it
    } else if (c == '<' || c == '>') {
      escaped += fmt::format("${}$", c);
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::string to_latex(const Table& table) {
  std::string alignment, head;
  for (const Column& column : table.columns) {
    if (!is_shown(column)) continue;
    alignment += column.wrap ? "p{0.4\\textwidth}" : column.number ? "r" : "l";
    head += (head.empty() ? "" : " & ") + latex_text(heading(column));
  }
  std::string text = fmt::format(
      "% needs \\usepackage{{booktabs,graphicx}}\n\\begin{{table}}[htbp]\n  \\centering\n  \\caption{{{}}}\n"
      "  \\resizebox{{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}}{{!}}{{%\n"
      "  \\begin{{tabular}}{{{}}}\n    \\toprule\n    {} \\\\\n    \\midrule\n",
      latex_text(table.caption), alignment, head);
  for (const auto& row : table.rows) {
    std::string line;
    const char* separator = "";
    for (std::size_t c = 0; c < row.size(); ++c) {
      if (!is_shown(table.columns[c])) continue;
      line += separator + latex_text(shown(row[c], table.columns[c]));
      separator = " & ";
    }
    text += "    " + line + " \\\\\n";
  }
  return text + "    \\bottomrule\n  \\end{tabular}}\n\\end{table}\n";
}

}  // namespace segbench::text
