// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <set>

#include "harness/text/markup.h"
#include "harness/text/numbers.h"
#include "harness/text/utf8.h"
#include "reports/paper.h"
#include "reports/tables/tables.h"

namespace segbench::reports {
namespace {

/// The table without columns that a pull request has no room for.
text::Table narrowed(text::Table table, const std::set<std::string>& left_out) {
  for (std::size_t c = table.columns.size(); c-- > 0;) {
    if (!left_out.contains(table.columns[c].key)) continue;
    const auto place = static_cast<std::ptrdiff_t>(c);
    table.columns.erase(table.columns.begin() + place);
    for (auto& row : table.rows) row.erase(row.begin() + place);
  }
  return table;
}

std::string list_item(const std::string& text) {
  return "- " + text::markdown_text(text) + "\n";
}

std::string folded(const std::string& summary, const text::Table& table) {
  if (!says_something(table)) return "";
  return fmt::format("\n<details><summary>{}</summary>\n\n{}\n</details>\n", summary,
                     text::to_markdown(table));
}

std::string studies_text(const ReportModel& model) {
  std::string text;
  for (const StudyPart& part : model.studies) {
    text += fmt::format("- **{}** ({} of {} trials): {}\n", text::markdown_text(part.name), part.complete,
                        part.planned, text::markdown_text(part.headline));
    for (const std::string& claim : part.claims) text += "  " + list_item(claim);
  }
  return text.empty() ? "" : "## The studies on their own\n\n" + text + "\n## Together\n\n";
}

}  // namespace

std::string render_markdown(const ReportModel& model, const std::string& generated,
                            const std::string& version) {
  const std::string title = model.question.empty() ? model.study : model.question;
  std::string text = fmt::format("# {}\n\n", text::markdown_text(title)) + studies_text(model);
  text += fmt::format("**{}**\n\n", text::markdown_text(model.verdict.headline));
  for (const std::string& remark : model.verdict.remarks) text += list_item(remark);
  for (const ReportWarning& warning : model.warnings)
    text += list_item("Warning, " + subject_of(warning, model) + ": " + warning.warning.message);
  if (!model.claims.empty()) text += "\n## Claims\n\n" + text::to_markdown(claims_table(model));
  text += "\n## Leaderboard\n\n" +
          text::to_markdown(narrowed(leaderboard_table(model),
                                     {"strip", "expected_best", "gap", "macs", "peak_memory_bytes"}));
  if (const text::Table differences = differences_table(model); says_something(differences))
    text += "\n## Differences\n\n" +
            text::to_markdown(narrowed(differences, {"effect", "improvement", "p_sign_flip"}));
  text += folded("IoU of each class", per_class_table(model));
  text += folded("Every metric", metrics_table(model));
  for (const auto& [heading, table] : titled_tables(model))
    text += folded(text::markdown_text(heading), table);
  text += folded("Failed and excluded", excluded_table(model));
  text += "\n<details><summary>How it was measured</summary>\n\n";
  for (const std::string& sentence : model.measurement.method) text += list_item(sentence);
  text += "\n</details>\n\n";
  for (const std::string& command : model.commands) text += "    " + text::clean(command) + "\n";
  return text + fmt::format("\nMade by Segbench {} on {}.\n", version, generated);
}

}  // namespace segbench::reports
