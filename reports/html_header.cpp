// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>

#include "reports/format.h"
#include "reports/html.h"
#include "reports/html_text.h"
#include "reports/tables.h"

namespace segbench::reports {
namespace {

/// "incomplete: 3 of 9 trials (4 failed, 2 pending)".
std::string banner_html(const ReportModel& model) {
  if (model.complete >= model.planned && model.planned > 0) return "";
  std::map<std::string, std::size_t> counts;
  for (const Excluded& trial : model.excluded) {
    if (trial.reason != "not planned") ++counts[trial.status];
  }
  std::vector<std::string> parts;
  for (const auto& [status, count] : counts) parts.push_back(fmt::format("{} {}", count, status));
  return fmt::format(
      "<p class=\"banner\" role=\"status\"><b>Incomplete:</b> {} of {} trials are complete{}. Every number "
      "below stands on those alone.</p>\n",
      model.complete, model.planned,
      parts.empty() ? "" : escape(fmt::format(" ({})", fmt::join(parts, ", "))));
}

}  // namespace

std::string header_html(const ReportModel& model, const PageAssets& assets) {
  const std::string title = model.question.empty() ? model.study : model.question;
  std::string text =
      fmt::format("<header>\n<p class=\"kicker\">Segbench report · study <b>{}</b></p>\n<h1>{}</h1>\n",
                  escape(model.study), escape(title));
  text += fmt::format(
      "<ul class=\"facts\"><li><b>{}</b> {}</li><li><b>{}</b> {}</li><li><b>{}</b> of {} trials complete</li>"
      "<li>metric <b>{}</b></li><li>{}</li></ul>\n",
      model.leaderboard.size(), model.leaderboard.size() == 1 ? "variant" : "variants",
      model.measurement.seeds.size(), model.measurement.seeds.size() == 1 ? "seed" : "seeds", model.complete,
      model.planned, escape(metric_title(model.metric)), escape(assets.generated.substr(0, 10)));
  text += banner_html(model);
  return text + verdict_html(model) + "</header>\n";
}

std::string verdict_html(const ReportModel& model) {
  const Verdict& verdict = model.verdict;
  std::vector<std::string> trials;
  if (verdict.to_runner_up) {
    trials = verdict.to_runner_up->candidate_trials;
    trials.insert(trials.end(), verdict.to_runner_up->reference_trials.begin(),
                  verdict.to_runner_up->reference_trials.end());
  }
  std::string text =
      fmt::format("<section class=\"verdict\" aria-label=\"Verdict\"{}>\n<p class=\"say\">{}</p>\n",
                  trials_attribute(trials), escape(verdict.headline));
  if (!verdict.remarks.empty() || !model.warnings.empty()) {
    text += "<ul>";
    for (const std::string& warning : model.warnings)
      text += fmt::format("<li><b>{}</b></li>", escape(warning));
    for (const std::string& remark : verdict.remarks) text += fmt::format("<li>{}</li>", escape(remark));
    text += "</ul>\n";
  }
  if (!model.claims.empty()) text += to_html(claims_table(model));
  return text + "</section>\n";
}

}  // namespace segbench::reports
