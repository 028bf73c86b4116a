// SPDX-License-Identifier: MIT
#include "reports/profile/page.h"

#include <fmt/format.h>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/text.h"
#include "harness/core/version.h"
#include "harness/text/html.h"
#include "reports/figures/gnuplot.h"
#include "reports/figures/svg.h"
#include "reports/html/html.h"
#include "reports/profile/figures.h"
#include "reports/profile/tables.h"
#include "reports/swap_folder.h"

namespace segbench::reports {
namespace {

using profiles::ProfileResults;
namespace fs = std::filesystem;

constexpr const char* kPage = "index.html";

/// Figures as they stand in the page; what could not be drawn is told.
std::string figures_html(const std::vector<Plot>& plots, const fs::path& folder,
                         std::vector<std::string>& warnings) {
  std::vector<std::string> scripts;
  fs::create_directories(folder);
  for (const Plot& plot : plots) {
    write_plainly(folder / (plot.name + ".gp"), plot.script);
    for (const auto& [file, content] : plot.data) write_plainly(folder / file, content);
    scripts.push_back(plot.name + ".gp");
  }
  if (const std::string problem = run_gnuplot(folder, scripts); !problem.empty())
    warnings.push_back(fmt::format("plots: gnuplot could not draw all of them ({})", problem));
  std::string html;
  for (const Plot& plot : plots) {
    const fs::path file = folder / (plot.name + ".svg");
    if (!fs::exists(file) || fs::file_size(file) == 0) continue;
    html += fmt::format(
        "<figure id=\"figure-{0}\"{1}><h3>{2}</h3><div class=\"plot\" tabindex=\"0\" role=\"region\" "
        "aria-label=\"{2}\">{3}</div><figcaption>{4} Script: "
        "<code>plots/{0}.gp</code></figcaption></figure>\n",
        plot.name, plot.wide ? " class=\"wide\"" : "", text::escape(plot.title),
        inline_svg(core::read_file(file), plot.name, plot.title, plot.description),
        text::escape(plot.caption));
  }
  return html;
}

std::string facts_html(const ProfileResults& results) {
  std::string html = "<ul class=\"facts\">";
  const auto fact = [&](const std::string& name, const std::string& value) {
    if (!value.empty()) html += fmt::format("<li>{} <b>{}</b></li>", text::escape(name), text::escape(value));
  };
  const core::Json& machine = results.machine;
  fact("session", results.session);
  fact("host", machine.value("host", ""));
  fact("processor", machine.value("cpu", ""));
  fact("usable CPUs", std::to_string(machine.value("usable_cpus", 0)));
  fact("governor", machine.value("governor", ""));
  if (const core::Json ceilings = machine.value("ceilings", core::Json()); ceilings.is_object()) {
    fact("matrix product", fmt::format("{:.0f} GFLOP/s", ceilings.value("flops_per_s", 0.0) * 1e-9));
    fact("copy", fmt::format("{:.1f} GB/s", ceilings.value("bytes_per_s", 0.0) * 1e-9));
  }
  return html + "</ul>\n";
}

std::string list_html(const std::vector<std::string>& lines) {
  std::string html = "<ul>";
  for (const std::string& line : lines) html += fmt::format("<li>{}</li>", text::escape(line));
  return html + "</ul>\n";
}

std::string page_html(const ProfileResults& results, const std::string& figures) {
  std::string html = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
      "content=\"width=device-width, initial-scale=1\">\n<title>{}: "
      "profile</title>\n<style>{}</style>\n</head>\n<body>\n"
      "<header><p class=\"kicker\">Profile</p><h1>{}</h1>\n",
      text::escape(results.name), kStyleSheet,
      text::escape(results.question.empty() ? results.name : results.question));
  html += facts_html(results);
  const std::vector<std::string> verdicts = verdict_lines(results);
  if (!verdicts.empty()) {
    html += "<div class=\"verdict\">";
    for (const std::string& line : verdicts)
      html += fmt::format("<p class=\"say\">{}</p>", text::escape(line));
    html += "</div>\n";
  }
  html += "</header>\n<main>\n<section id=\"rows\"><h2>Rows</h2>\n" + text::to_html(profile_table(results));
  for (const auto& [title, table] :
       {std::pair("What auto takes", choices_table(results)), std::pair("Engines", engines_table(results)),
        std::pair("Passes over all images", passes_table(results))}) {
    if (!table.rows.empty()) html += fmt::format("<h3>{}</h3>\n{}", title, text::to_html(table));
  }
  html +=
      "<p class=\"note\">Medians and quantiles are of all iterations' forward pass; a ratio is the time as a "
      "multiple of "
      "the reference's, paired by round, its interval corrected for the number of comparisons (Holm). \"No "
      "difference (±1 %)\": whatever "
      "difference there is is smaller. Auto is the fastest right engine of each network, size, batch, "
      "precision, device and number of threads; time / auto's is a geometric mean.</p>\n";
  if (const std::vector<std::string> notes = notes_on(results); !notes.empty()) html += list_html(notes);
  html += "</section>\n";
  if (!figures.empty())
    html += "<section id=\"figures\"><h2>Figures</h2>\n<div class=\"figures\">\n" + figures +
            "</div></section>\n";
  return html + fmt::format(
                    "</main>\n<footer><p>Made by Segbench {} on {}. This page loads nothing from "
                    "elsewhere.</p></footer>\n</body>\n</html>\n",
                    core::kVersion, core::utc_timestamp());
}

}  // namespace

ProfilePage write_profile_page(const ProfileResults& results, const profiles::ProfileLog& log,
                               const fs::path& folder) {
  ProfilePage page{.file = folder / kPage, .warnings = {}};
  NewFolder fresh(folder, kPage);
  const std::string figures =
      figures_html(profile_plots(results, log), fresh.path() / "plots", page.warnings);
  write_plainly(fresh.path() / "profile.json", to_json(results).dump(1) + "\n");
  write_plainly(fresh.path() / "profile.csv", text::to_csv(profile_table(results)));
  write_plainly(fresh.path() / kPage, page_html(results, figures));
  fresh.put_in_place();
  return page;
}

}  // namespace segbench::reports
