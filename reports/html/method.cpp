// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/text/html.h"
#include "reports/html/html.h"
#include "reports/tables/queries.h"
#include "reports/tables/tables.h"

namespace segbench::reports {

std::string excluded_html(const ReportModel& model) {
  std::string text = "<section id=\"excluded\">\n<h2>What failed and what was excluded</h2>\n";
  if (!model.excluded.empty()) {
    text += text::to_html(excluded_table(model));
  } else {
    text += model.failed_attempts.empty()
                ? "<p>Nothing: every planned trial is complete and counted.</p>\n"
                : "<p>Every planned trial is complete and counted, but not all at the first attempt.</p>\n";
  }
  if (!model.failed_attempts.empty()) text += text::to_html(failed_attempts_table(model));
  if (model.left_out > 0) {
    text += fmt::format(
        "<p class=\"note\">Trials of earlier forms of this study, which it no longer plans, are left out: "
        "{}.</p>\n",
        model.left_out);
  }
  return text + "</section>\n";
}

std::string method_html(const ReportModel& model) {
  const Measurement& m = model.measurement;
  std::string text = "<section id=\"method\">\n<h2>How it was measured</h2>\n";
  for (const std::string& paragraph : m.method) text += fmt::format("<p>{}</p>\n", text::escape(paragraph));
  if (!m.class_pixels.empty()) text += text::to_html(class_pixels_table(model));
  text += text::to_html(metric_definitions_table(model));
  text += "<div class=\"settings\">\n";
  text += text::to_html(facts_table(
      "settings", "Model and training settings that all variants share; those that differ name the variants.",
      m.settings, model));
  text += text::to_html(facts_table("data", "Data settings, the same for all variants.", m.data, model));
  text +=
      text::to_html(facts_table("environment", "Where the trials ran.", m.environment, model)) + "</div>\n";
  return text + "</section>\n";
}

std::string provenance_html(const ReportModel& model) {
  std::string text =
      "<section id=\"provenance\">\n<h2>Provenance</h2>\n<p>Every number on this page stands on trials of "
      "the list "
      "below and can be computed again from their logs; the last command does it.</p>\n<pre tabindex=\"0\" "
      "role=\"region\" "
      "aria-label=\"Commands\">";
  for (const std::string& command : model.commands) text += text::escape(command) + "\n";
  text += "</pre>\n" + text::to_html(trials_table(model));
  text += "<details><summary>How to compute each number again</summary>\n" +
          text::to_html(queries_table(all_tables(model))) + "</details>\n";
  if (!model.source.empty()) {
    text += fmt::format(
        "<details><summary>The experiment file{}</summary><pre tabindex=\"0\" role=\"region\" "
        "aria-label=\"Experiment file\">{}</pre></details>\n",
        model.source_file.empty() ? "" : " " + text::escape(model.source_file),
        text::escape_lines(model.source));
  }
  return text + "</section>\n";
}

}  // namespace segbench::reports
