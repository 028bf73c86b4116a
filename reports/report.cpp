// SPDX-License-Identifier: MIT
#include "reports/report.h"

#include <fmt/format.h>

#include <future>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/study_file.h"
#include "harness/core/text.h"
#include "harness/core/version.h"
#include "reports/check.h"
#include "reports/gnuplot.h"
#include "reports/html.h"
#include "reports/html_text.h"
#include "reports/swap_folder.h"
#include "reports/tables.h"

namespace segbench::reports {
namespace {

constexpr const char* kModelFile = "model.json";

void write_tables(const ReportModel& model, const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  for (const Table& table : all_tables(model)) {
    write_plainly(folder / (table.name + ".csv"), to_csv(table));
    write_plainly(folder / (table.name + ".md"), to_markdown(table));
    write_plainly(folder / (table.name + ".tex"), to_latex(table));
  }
}

/// Writes scripts and data, draws them, and returns the figures with what could be drawn.
std::vector<PageAssets::Figure> draw_plots(const ReportModel& model, const std::filesystem::path& folder,
                                           const ReportOptions& options, std::string& note) {
  std::vector<PageAssets::Figure> figures;
  std::vector<std::string> scripts;
  std::filesystem::create_directories(folder);
  for (Plot& plot : make_plots(model)) {
    write_plainly(folder / (plot.name + ".gp"), plot.script);
    for (const auto& [file, content] : plot.data) write_plainly(folder / file, content);
    scripts.push_back(plot.name + ".gp");
    figures.push_back({std::move(plot), ""});
  }
  if (!options.plots) {
    note = "not drawn, as asked for (--no-plots). Their scripts and data lie in plots/.";
    return figures;
  }
  if (figures.empty()) return figures;
  const std::string problem = run_gnuplot(folder, scripts, options.gnuplot);
  if (!problem.empty()) {
    note = fmt::format(
        "gnuplot could not draw all of them ({}). Their scripts and data lie in plots/; the tables below "
        "hold the same numbers.",
        problem);
  }
  for (PageAssets::Figure& figure : figures) {
    const std::filesystem::path file = folder / (figure.plot.name + ".svg");
    if (!std::filesystem::exists(file) || std::filesystem::file_size(file) == 0) continue;
    try {
      figure.svg =
          inline_svg(core::read_file(file), figure.plot.name, figure.plot.title, figure.plot.description);
    } catch (const core::UserError& error) {
      note = error.what();
    }
  }
  return figures;
}

std::vector<PanelPictures> draw_panels(const ReportModel& model, const std::vector<PanelPixels>& pixels,
                                       const std::filesystem::path& folder) {
  std::vector<PanelPictures> pictures;
  if (pixels.empty()) return pictures;
  std::filesystem::create_directories(folder);
  for (std::size_t i = 0; i < pixels.size(); ++i) {
    pictures.push_back(draw_panel(model.panels[i], pixels[i], model));
    write_plainly(folder / fmt::format("{:02}_{}.png", i + 1, anchor(model.panels[i].id.substr(0, 60))),
                  pictures.back().sheet);
  }
  return pictures;
}

std::filesystem::path report_folder(const std::filesystem::path& runs, const std::string& study,
                                    const std::filesystem::path& output) {
  return output.empty() ? runs / study / core::kReportFolder : output;
}

}  // namespace

WrittenReport write_report(const store::Store& store, const std::filesystem::path& runs,
                           const std::string& study, const ReportOptions& options) {
  ReportModel model = build_model(load_inputs(store, runs, study), options.model);
  const std::vector<PanelPixels> pixels = add_panels(model, store, runs);
  const std::filesystem::path place = report_folder(runs, study, options.output);
  NewFolder folder(place, kModelFile);

  PageAssets assets;
  assets.generated = core::utc_timestamp();
  assets.version = core::kVersion;
  auto panels =
      std::async(std::launch::async, [&] { return draw_panels(model, pixels, folder.path() / "panels"); });
  assets.figures = draw_plots(model, folder.path() / "plots", options, assets.plots_note);
  write_tables(model, folder.path() / "tables");
  write_plainly(folder.path() / kModelFile, to_json(model).dump(1) + '\n');
  assets.panels = panels.get();
  write_plainly(folder.path() / "index.html", render_html(model, assets));
  folder.put_in_place();

  WrittenReport written{.page = place / "index.html", .warnings = {}};
  if (options.plots && !assets.plots_note.empty()) written.warnings.push_back("plots: " + assets.plots_note);
  return written;
}

std::vector<std::string> check_report(const store::Store& store, const std::filesystem::path& runs,
                                      const std::string& study, const std::filesystem::path& report) {
  const std::filesystem::path file = report_folder(runs, study, report) / kModelFile;
  if (!std::filesystem::exists(file)) {
    throw core::UserError(fmt::format("{}: there is no report to check; make one with `segbench report {}`",
                                      file.string(), study));
  }
  const core::Json written = core::Json::parse(core::read_file(file), nullptr, /*allow_exceptions=*/false);
  if (!written.is_object() || !written.contains("metric") || !written.contains("split")) {
    throw core::UserError(fmt::format("{}: found no model of a report", file.string()));
  }
  if (written.value("study", "") != study) {
    throw core::UserError(fmt::format("{}: found a report of study \"{}\"; allowed: \"{}\"", file.string(),
                                      written.value("study", ""), study));
  }
  const ModelOptions options{.metric = written.at("metric").get<std::string>(),
                             .split = written.at("split").get<std::string>()};
  ReportModel model = build_model(load_inputs(store, runs, study), options);
  add_panels(model, store, runs);
  return differences(written, to_json(model));
}

}  // namespace segbench::reports
