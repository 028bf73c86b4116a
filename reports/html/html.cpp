// SPDX-License-Identifier: MIT
#include "reports/html/html.h"

#include <fmt/format.h>

#include "harness/core/hash.h"
#include "harness/text/html.h"

namespace segbench::reports {
namespace {

/// The Base64 SHA-256 by which the page's policy allows its one script and nothing that a label might smuggle
/// in.
std::string script_hash() {
  const std::string hex = core::sha256_hex(kSortScript);
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  }
  return text::base64(bytes);
}

}  // namespace

std::string render_html(const ReportModel& model, const PageAssets& assets) {
  std::string page = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src "
      "'unsafe-inline'; script-src 'sha256-{}'\">\n"
      "<meta name=\"generator\" content=\"Segbench {}\">\n<title>{}: "
      "report</title>\n<style>{}</style>\n</head>\n<body>\n",
      script_hash(), text::escape(assets.version), text::escape(model.study), kStyleSheet);
  page += header_html(model, assets);
  page +=
      "<nav aria-label=\"Contents\"><ol><li><a href=\"#leaderboard\">Leaderboard</a></li><li><a "
      "href=\"#figures\">"
      "Figures</a></li><li><a href=\"#panels\">Predictions</a></li><li><a href=\"#excluded\">Failed and "
      "excluded</a>"
      "</li><li><a href=\"#method\">How it was measured</a></li><li><a "
      "href=\"#provenance\">Provenance</a></li></ol>"
      "</nav>\n<main>\n";
  page += leaderboard_html(model);
  page += figures_html(model, assets);
  page += panels_html(model, assets);
  page += excluded_html(model);
  page += method_html(model);
  page += provenance_html(model);
  page += fmt::format(
      "</main>\n<footer><p>Made by Segbench {} on {}. This page loads nothing from elsewhere.</p></footer>\n"
      "<script>{}</script>\n</body>\n</html>\n",
      text::escape(assets.version), text::escape(assets.generated), kSortScript);
  return page;
}

}  // namespace segbench::reports
