// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <set>

#include "harness/text/html.h"
#include "harness/text/table.h"
#include "reports/html/html.h"
#include "reports/tables/tables.h"

namespace segbench::reports {
namespace {

std::vector<std::string> distinct(const std::vector<std::string>& ids) {
  const std::set<std::string> unique(ids.begin(), ids.end());
  return {unique.begin(), unique.end()};
}

std::string figure_html(const PageAssets::Figure& figure) {
  const Plot& plot = figure.plot;
  return fmt::format(
      "<figure id=\"figure-{0}\"{1}{2}><h3>{3}</h3><div class=\"plot\" tabindex=\"0\" role=\"region\" "
      "aria-label=\"{3}\">{4}</div><figcaption>{5} <span class=\"files\">Script: "
      "<code>plots/{0}.gp</code>{6}</span></figcaption></figure>\n",
      plot.name, plot.wide ? " class=\"wide\"" : "", text::trials_attribute(distinct(plot.trials)),
      text::escape(plot.title), figure.svg, text::escape(plot.caption),
      plot.table.empty() ? "" : fmt::format(" · data: <code>tables/{}.csv</code>", plot.table));
}

/// What became of each published number, as a sentence, and the numbers behind it.
std::string published_html(const ReportModel& model) {
  std::string text = "<h3>Published numbers</h3>\n<ul class=\"sentences\">\n";
  for (const PublishedNumber& number : model.published)
    text += fmt::format("<li>{}.</li>\n", text::escape(number.sentence));
  text += "</ul>\n" + text::to_html(published_table(model));
  const text::Table replications = replications_table(model);
  if (!replications.rows.empty())
    text += "<details><summary>By each convention and variant</summary>\n" + text::to_html(replications) +
            "</details>\n";
  return text;
}

}  // namespace

namespace {

/// A table under its heading; a long one folds away.
std::string titled_html(const std::string& title, const text::Table& table) {
  constexpr std::size_t kMostOpen = 12;
  const std::string heading = fmt::format("<h3>{}</h3>\n", text::escape(title));
  if (table.rows.size() <= kMostOpen) return heading + text::to_html(table);
  return heading + fmt::format("<details><summary>{} rows</summary>\n{}</details>\n", table.rows.size(),
                               text::to_html(table));
}

}  // namespace

std::string leaderboard_html(const ReportModel& model) {
  std::string text =
      "<section id=\"leaderboard\">\n<h2>Leaderboard</h2>\n" + text::to_html(leaderboard_table(model));
  text +=
      "<p class=\"note\">The best of several trials rises with their number even when nothing improves; the "
      "expected "
      "best shows how much of it is luck of the draw. Point at a number for its full value and at a dot for "
      "its seed.</p>\n";
  if (!model.published.empty()) text += published_html(model);
  text += "<details><summary>Every metric</summary>\n" + text::to_html(metrics_table(model)) + "</details>\n";
  return text + "</section>\n";
}

std::string figures_html(const ReportModel& model, const PageAssets& assets) {
  std::string text = "<section id=\"figures\">\n<h2>Figures</h2>\n";
  if (!assets.plots_note.empty())
    text += fmt::format("<p class=\"banner\"><b>Plots:</b> {}</p>\n", text::escape(assets.plots_note));
  std::string figures;
  for (const PageAssets::Figure& figure : assets.figures) {
    if (figure.plot.shown && !figure.svg.empty()) figures += figure_html(figure);
  }
  if (!figures.empty()) text += "<div class=\"figures\">\n" + figures + "</div>\n";
  const text::Table differences = differences_table(model), classes = per_class_table(model);
  if (figures.empty() && model.complete == 0)
    text += "<p class=\"note\">There is nothing to draw before a trial is complete.</p>\n";
  if (!differences.rows.empty())
    text += "<h3 class=\"after\">Differences in numbers</h3>\n" + text::to_html(differences);
  if (says_something(classes)) text += "<h3>By class</h3>\n" + text::to_html(classes);
  for (const auto& [title, table] : titled_tables(model)) text += titled_html(title, table);
  return text + "</section>\n";
}

}  // namespace segbench::reports
