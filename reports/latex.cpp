// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "harness/text/markup.h"
#include "reports/paper.h"
#include "reports/tables/tables.h"

namespace segbench::reports {
namespace {

/// Longer tables do not fit a page; they stay beside the document.
constexpr std::size_t kMostRows = 40;
/// LaTeX keeps only so many figures and tables waiting for a page.
constexpr int kFloatsAtOnce = 8;

constexpr const char* kPreamble =
    R"tex(% Compile in this folder: pdflatex report (or lualatex, for names in any script).
\documentclass[10pt,a4paper]{article}
\usepackage{iftex}
\ifPDFTeX
  \usepackage[T1]{fontenc}
  \usepackage[utf8]{inputenc}
  \usepackage{textcomp}
  % A character that the fonts of pdflatex lack becomes a box, not an error.
  \makeatletter
  \def\UTFviii@undefined@err#1{\fbox{?}}
  \makeatother
\else
  \usepackage{fontspec}
\fi
\usepackage[margin=22mm]{geometry}
\usepackage{booktabs,graphicx}
\setlength{\emergencystretch}{3em}
)tex";

struct Document {
  std::string text;
  int floats = 0;

  void add_float(const std::string& content) {
    text += content;
    if (++floats % kFloatsAtOnce == 0) text += "\\clearpage\n";
  }
  void add_table(const text::Table& table) {
    if (!says_something(table)) return;
    if (table.rows.size() <= kMostRows)
      add_float(fmt::format("\\input{{tables/{}}}\n", table.name));
    else
      text += fmt::format("A table of {} rows is in \\texttt{{tables/{}.csv}}.\n\n", table.rows.size(),
                          text::latex_text(table.name));
  }
  void section(const char* title) { text += fmt::format("\n\\section{{{}}}\n", title); }
  void list(const std::vector<std::string>& items) {
    if (items.empty()) return;
    text += "\\begin{itemize}\n";
    for (const std::string& item : items) text += fmt::format("  \\item {{}}{}\n", text::latex_text(item));
    text += "\\end{itemize}\n";
  }
};

/// Two hyphens stay two.
std::string command_text(const std::string& command) {
  std::string text = text::latex_text(command);
  for (std::size_t at = text.find("--"); at != std::string::npos; at = text.find("--", at + 4))
    text.replace(at, 2, "-{}-");
  return text;
}

}  // namespace

std::string render_latex(const ReportModel& model, const std::vector<Plot>& plots,
                         const std::string& generated, const std::string& version) {
  Document document{.text = kPreamble};
  const std::string title = model.question.empty() ? model.study : model.question;
  document.text += fmt::format(
      "\\title{{{}}}\n\\author{{Segbench {}, study {}}}\n\\date{{{}}}\n\\begin{{document}}\n\\maketitle\n",
      text::latex_text(title), text::latex_text(version), text::latex_text(model.study),
      text::latex_text(generated.substr(0, 10)));
  document.section("Verdict");
  for (const StudyPart& part : model.studies)
    document.text += fmt::format("\\paragraph{{{}.}} {}\n\n", text::latex_text(part.name),
                                 text::latex_text(part.headline));
  document.text += fmt::format("\\textbf{{{}}}\n\n", text::latex_text(model.verdict.headline));
  std::vector<std::string> remarks = model.verdict.remarks;
  for (const ReportWarning& warning : model.warnings)
    remarks.push_back("Warning, " + subject_of(warning, model) + ": " + warning.warning.message);
  document.list(remarks);
  document.add_table(claims_table(model));
  document.section("Results");
  document.add_table(leaderboard_table(model));
  document.add_table(published_table(model));
  document.add_table(differences_table(model));
  document.add_table(per_class_table(model));
  for (const auto& [heading, table] : titled_tables(model)) document.add_table(table);
  for (const Plot& plot : plots)
    document.add_float(fmt::format(
        "\\begin{{figure}}[htbp]\n  \\centering\n  \\includegraphics[width={}\\linewidth]{{plots/{}.pdf}}\n"
        "  \\caption{{{}. {}}}\n\\end{{figure}}\n",
        plot.wide ? "" : "0.8", plot.name, text::latex_text(plot.title), text::latex_text(plot.caption)));
  document.text += "\\clearpage\n";
  document.section("What failed and what was excluded");
  if (model.excluded.empty()) document.text += "Nothing: every planned trial is complete and counted.\n";
  document.add_table(excluded_table(model));
  document.section("How it was measured");
  for (const std::string& sentence : model.measurement.method)
    document.text += text::latex_text(sentence) + "\n\n";
  document.section("Commands that reproduce it");
  document.text += "\\begin{itemize}\n";
  for (const std::string& command : model.commands)
    document.text += fmt::format("  \\item \\texttt{{{}}}\n", command_text(command));
  return document.text + "\\end{itemize}\n\\end{document}\n";
}

}  // namespace segbench::reports
