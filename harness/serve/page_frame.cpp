// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "harness/core/version.h"
#include "harness/serve/http.h"
#include "harness/serve/pages.h"
#include "harness/text/html.h"
#include "harness/trial/state.h"

namespace segbench::serve {
namespace {

struct Link {
  Place place;
  const char* address;
  const char* name;
};

constexpr std::array<Link, 3> kLinks = {{{Place::kTrials, "/", "Trials"},
                                         {Place::kReport, "/report", "Report"},
                                         {Place::kPredict, "/predict", "Predict"}}};

std::string navigation_html(Place here) {
  std::string html = "<nav aria-label=\"Pages\"><ul>";
  for (const Link& link : kLinks) {
    html += fmt::format("<li><a href=\"{}\"{}>{}</a></li>", link.address,
                        link.place == here ? " aria-current=\"page\"" : "", link.name);
  }
  return html + "</ul></nav>";
}

}  // namespace

std::string framed(const PageFrame& frame, const std::string& content) {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<title>{}</title>\n<link rel=\"icon\" href=\"data:,\">\n<link rel=\"stylesheet\" "
      "href=\"/style.css\">\n"
      "<script src=\"/script.js\" defer></script>\n</head>\n<body{}>\n"
      "<header class=\"bar\"><a class=\"skip\" href=\"#content\">To the content</a>"
      "<p class=\"study\" title=\"{}\">{}</p>{}<p id=\"connection\" "
      "role=\"status\"></p></header>\n"
      "<main id=\"content\" tabindex=\"-1\">\n{}</main>\n<footer><p>Segbench {}, read from the logs of the "
      "trials.</p></footer>\n</body>\n</html>\n",
      text::escape(frame.title + " · " + frame.study), frame.whole ? " class=\"whole\"" : "",
      text::escape(frame.study), text::escape(frame.study), navigation_html(frame.place), content,
      core::kVersion);
}

std::string problem_page(const std::string& study, int status, std::string_view why) {
  return framed({.study = study, .place = Place::kElsewhere, .title = std::string(reason_phrase(status))},
                fmt::format("<h1>{}</h1>\n<p>{}</p>\n<p><a href=\"/\">All trials</a></p>\n",
                            reason_phrase(status), text::escape(why)));
}

std::string facts_html(const std::vector<std::string>& items) {
  std::string html = "<ul class=\"facts\">";
  for (const std::string& item : items) html += "<li>" + item + "</li>";
  return html + "</ul>\n";
}

std::string trial_link(const run::ListedTrial& trial, std::string_view text) {
  return fmt::format("<a href=\"/trials/{}\">{}</a>", encoded(trial.trial_id), text::escape(text));
}

std::string status_html(const trial::TrialState& state) {
  const std::string_view status = trial::status_word(state), reason = core::to_string(state.reason);
  return fmt::format("<span class=\"status {}\">{}{}</span>", status, status,
                     reason.empty() ? "" : fmt::format(": {}", text::escape(reason)));
}

}  // namespace segbench::serve
