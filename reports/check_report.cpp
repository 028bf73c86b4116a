// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string_view>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/version.h"
#include "reports/check.h"
#include "reports/check_files.h"
#include "reports/render.h"
#include "reports/report.h"
#include "results/conclusions/merge.h"

namespace segbench::reports {
namespace {

using core::Json;

Json read_written(const std::filesystem::path& file, const std::vector<std::string>& studies) {
  const std::string study = conclusions::merged_name(studies);
  if (!std::filesystem::exists(file)) {
    throw core::UserError(fmt::format("{}: there is no report to check; make one with `segbench report {}`",
                                      file.string(), fmt::join(studies, " ")));
  }
  Json written = Json::parse(core::read_file(file), nullptr, /*allow_exceptions=*/false);
  const auto is_text = [&](const char* key) { return written.contains(key) && written.at(key).is_string(); };
  if (!written.is_object() || !is_text("metric") || !is_text("split") || !is_text("study"))
    throw core::UserError(fmt::format("{}: not the model of a report", file.string()));
  if (written.at("study") != study) {
    throw core::UserError(fmt::format("{}: a report of study \"{}\", not of \"{}\"", file.string(),
                                      written.at("study").get<std::string>(), study));
  }
  return written;
}

/// A trial that was verified after the report had been made is shown as the report could know it.
void forget_later_verifications(StudyInputs& inputs, const Json& written) {
  for (const Json& line : written.value("trials", Json::array())) {
    if (!line.is_object() || !line.contains("verified") || !line.at("verified").is_null()) continue;
    for (TrialInputs& trial : inputs.trials) {
      if (line.value("trial", Json()) == trial.record.trial_id) trial.record.verification = nullptr;
    }
  }
}

std::vector<std::string> colours_in(const Json& written) {
  std::vector<std::string> colours;
  const Json measurement = written.value("measurement", Json::object());
  const Json list =
      measurement.is_object() ? measurement.value("class_colours", Json::array()) : Json::array();
  for (const Json& colour : list) {
    if (colour.is_string()) colours.push_back(colour.get<std::string>());
  }
  return colours;
}

/// What the comparison of a written report waived.
std::vector<std::string> allowed_in(const Json& written) {
  std::vector<std::string> allowed;
  for (const Json& key : written.value("allowed", Json::array())) {
    if (key.is_string()) allowed.push_back(key.get<std::string>());
  }
  return allowed;
}

/// The page without the pictures of its panels, which need the decoded data.
std::string without_panels(std::string page) {
  const std::size_t begin = page.find("<section id=\"panels\">");
  const std::size_t end = page.find("</section>", begin);
  if (begin != std::string::npos && end != std::string::npos) page.erase(begin, end - begin);
  return page;
}

Json without_panels(Json model) {
  for (const char* key : {"panels", "panels_note"}) model.erase(key);
  return model;
}

/// A drawing as PDF without the time at which it was drawn.
std::string without_date(std::string pdf) {
  constexpr std::string_view kDate = "/CreationDate (";
  const std::size_t begin = pdf.find(kDate);
  const std::size_t end = begin == std::string::npos ? begin : pdf.find(')', begin);
  if (end != std::string::npos) pdf.erase(begin, end - begin);
  return pdf;
}

}  // namespace

CheckedReport check_report(const store::Store& store, const std::filesystem::path& runs,
                           const std::string& study, const CheckOptions& options) {
  return check_report(store, runs, std::vector{study}, options);
}

CheckedReport check_report(const store::Store& store, const std::filesystem::path& runs,
                           const std::vector<std::string>& studies, const CheckOptions& options) {
  const std::filesystem::path place = options.report.empty() ? report_folder(runs, studies) : options.report;
  const Json written = read_written(place / kModelFile, studies);
  CheckedReport checked;
  std::vector<StudyInputs> inputs = conclusions::load_studies(store, runs, studies);
  for (StudyInputs& one : inputs) forget_later_verifications(one, written);
  ReportModel model = build_model(inputs, {.metric = written.at("metric").get<std::string>(),
                                           .split = written.at("split").get<std::string>(),
                                           .allowed = allowed_in(written)});
  const std::vector<PanelPixels> pixels = add_panels(model, store, runs);
  const bool panels_gone = pixels.empty() && !written.value("panels", Json::array()).empty();
  if (panels_gone) {
    checked.notes.push_back("the panels are not checked: " + model.panels_note);
    model.measurement.class_colours = colours_in(written);  // they come with the decoded data
  }

  const Made then = made_from_json(written.value("made", Json()));
  Json now = to_json(model);
  now["made"] = to_json(then);
  checked.differences =
      panels_gone ? differences(without_panels(written), without_panels(now)) : differences(written, now);
  if (then.version != core::kVersion) {
    checked.notes.push_back(
        fmt::format("the report was made by Segbench {}, this is {}: only model.json is checked",
                    then.version.empty() ? "of an earlier version" : then.version, core::kVersion));
    return checked;
  }

  Made made = then;
  const bool draw = then.drawn && then.plots_note.empty();
  render_report(options.scratch, model, pixels,
                {.plots = draw, .gnuplot = options.gnuplot, .stored_plots = {}}, made);
  const bool drawn_anew = draw && made.plots_note.empty() && made.gnuplot == then.gnuplot;
  if (!drawn_anew) {
    // The page is compared all the same, with the figures that lie beside it.
    if (draw) {
      checked.notes.push_back(fmt::format(
          "the figures are not checked, only their scripts and data: they were drawn by {}, and here is {}",
          then.gnuplot, made.plots_note.empty() ? made.gnuplot : "no working gnuplot"));
    }
    made = then;
    render_report(options.scratch, model, pixels,
                  {.plots = false, .gnuplot = "", .stored_plots = place / kPlotsFolder}, made);
  }
  const auto skip = [&](const std::string& name) {
    const bool drawing = name.ends_with(".svg") || name.ends_with(".pdf") ||
                         (name.ends_with(".png") && name.starts_with(kPlotsFolder));
    return name == kModelFile ? !checked.differences.empty() || panels_gone : drawing && !drawn_anew;
  };
  const auto normal = [&](const std::string& name, std::string content) {
    if (name.ends_with(".pdf")) return without_date(std::move(content));
    return panels_gone && name == kPageFile ? without_panels(std::move(content)) : content;
  };
  for (std::string& line : differing_files(place, options.scratch, skip, normal))
    checked.differences.push_back(std::move(line));
  return checked;
}

}  // namespace segbench::reports
