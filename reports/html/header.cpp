// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>

#include "harness/text/html.h"
#include "harness/text/metrics.h"
#include "reports/html/html.h"
#include "reports/tables/tables.h"

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
      parts.empty() ? "" : text::escape(fmt::format(" ({})", fmt::join(parts, ", "))));
}

/// "Warning of the plan, unet: …".
std::string warning_html(const ReportWarning& warning, const ReportModel& model) {
  const std::map<std::string, std::string> sources = {
      {"audit", "of the data audit"}, {"plan", "of the plan"},       {"run", "of the run"},
      {"trial", "of the training"},   {"machine", "of the machine"}, {"comparison", ""}};
  const auto source = sources.find(warning.source);
  const bool about_all = warning.variants.empty() && warning.trials.empty();
  return fmt::format(
      "<li{}><b>Warning{}{}{}:</b> {}{}</li>", text::trials_attribute(warning.trials),
      source == sources.end() || source->second.empty() ? "" : " ",
      source == sources.end() ? "" : source->second,
      about_all ? "" : ", " + text::escape(subject_of(warning, model)), text::escape(warning.warning.message),
      warning.warning.remedy.empty() ? ""
                                     : fmt::format("{}<i>{}</i>", core::separator(warning.warning),
                                                   text::escape_code(warning.warning.remedy)));
}

/// All warnings; those beyond the first dozen fold away, since the headline counts them anyway.
std::string warnings_html(const ReportModel& model) {
  if (model.warnings.empty()) return "";
  constexpr std::size_t kOpen = 12;
  std::string text = "<ul id=\"warnings\" class=\"warnings\">";
  for (std::size_t i = 0; i < model.warnings.size() && i < kOpen; ++i)
    text += warning_html(model.warnings[i], model);
  text += "</ul>\n";
  if (model.warnings.size() <= kOpen) return text;
  text += fmt::format("<details><summary>{} more warnings</summary><ul class=\"warnings\">",
                      model.warnings.size() - kOpen);
  for (std::size_t i = kOpen; i < model.warnings.size(); ++i) text += warning_html(model.warnings[i], model);
  return text + "</ul></details>\n";
}

/// What each of several studies says on its own.
std::string studies_html(const ReportModel& model) {
  if (model.studies.empty()) return "";
  std::string text = "<section class=\"studies\" aria-label=\"The studies on their own\">\n";
  for (const StudyPart& part : model.studies) {
    text += fmt::format("<article><h2>{}</h2>{}<p class=\"note\">{} of {} trials complete</p><p>{}</p>",
                        text::escape(part.name),
                        part.question.empty() ? "" : fmt::format("<p>{}</p>", text::escape(part.question)),
                        part.complete, part.planned, text::escape(part.headline));
    if (!part.claims.empty()) text += "<ul>";
    for (const std::string& claim : part.claims) text += fmt::format("<li>{}</li>", text::escape(claim));
    text += part.claims.empty() ? "</article>\n" : "</ul></article>\n";
  }
  return text + "</section>\n";
}

}  // namespace

std::string header_html(const ReportModel& model, const PageAssets& assets) {
  const std::string title = model.question.empty() ? model.study : model.question;
  std::string text = fmt::format(
      "<header>\n<p class=\"kicker\">Segbench report · {} <b>{}</b></p>\n<h1>{}</h1>\n",
      model.studies.empty() ? "study" : "studies", text::escape(model.study), text::escape(title));
  const std::size_t variants = model.leaderboard.size() + model.more_variants;
  text += fmt::format(
      "<ul class=\"facts\"><li><b>{}</b> {}</li><li><b>{}</b> {}</li><li><b>{}</b> of {} {} complete</li>"
      "<li>metric <b>{}</b></li><li>{}</li></ul>\n",
      variants, variants == 1 ? "variant" : "variants", model.measurement.seeds.size(),
      model.measurement.seeds.size() == 1 ? "seed" : "seeds",
      model.search ? static_cast<std::int64_t>(model.search->complete) : model.complete,
      model.search ? static_cast<std::int64_t>(model.search->draws.size()) : model.planned,
      model.search ? "draws" : "trials", text::escape(text::metric_title(model.metric)),
      text::escape(assets.generated.substr(0, 10)));
  text += banner_html(model);
  return text + studies_html(model) + verdict_html(model) + "</header>\n";
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
                  text::trials_attribute(trials), text::escape(verdict.headline));
  if (!verdict.remarks.empty()) {
    text += "<ul>";
    for (const std::string& remark : verdict.remarks)
      text += fmt::format("<li>{}</li>", text::escape(remark));
    text += "</ul>\n";
  }
  text += warnings_html(model);
  if (!model.claims.empty()) text += text::to_html(claims_table(model));
  if (!model.sealing.empty())
    text += fmt::format("<p class=\"note\">{}</p>\n", text::escape_code(model.sealing));
  return text + "</section>\n";
}

}  // namespace segbench::reports
