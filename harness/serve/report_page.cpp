// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "harness/serve/pages.h"
#include "harness/text/html.h"

namespace segbench::serve {

std::string report_page(const Snapshot& snapshot, const ReportState& report) {
  std::string note, frame;
  if (report.number > 0) {
    note = fmt::format("As of {} UTC, {} of {} trials complete.", report.made.substr(11, 8), report.complete,
                       snapshot.trials.size());
    frame = fmt::format(
        "<iframe id=\"report\" title=\"Report of the study\" src=\"/report/{0}/index.html\"></iframe>\n",
        report.number);
  }
  if (report.is_being_made)
    note += report.number > 0 ? " A newer one is being made." : "The report is being made.";
  else if (!report.problem.empty())
    note +=
        (report.number > 0 ? " A newer one cannot be made: " : "There is no report yet: ") + report.problem;
  else if (report.number == 0)
    note = "The report is about to be made.";
  std::string html = fmt::format(
      "<h1 class=\"unseen\">Report</h1>\n<p class=\"report-note\" role=\"status\">{}{}</p>\n",
      text::escape(note),
      report.number > 0 ? fmt::format(" <a href=\"/report/{}/index.html\">Open it alone</a>", report.number)
                        : "");
  return framed(
      {.study = snapshot.study, .place = Place::kReport, .title = "Report", .whole = report.number > 0},
      html + frame);
}

}  // namespace segbench::serve
