// SPDX-License-Identifier: MIT
#include "reports/render.h"

#include <fmt/format.h>

#include <future>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/warning_kinds.h"
#include "harness/text/html.h"
#include "harness/text/table.h"
#include "reports/figures/gnuplot.h"
#include "reports/figures/svg.h"
#include "reports/html/html.h"
#include "reports/model/shown.h"
#include "reports/paper.h"
#include "reports/swap_folder.h"
#include "reports/tables/queries.h"
#include "reports/tables/tables.h"

namespace segbench::reports {
namespace {

using core::Json;

void write_tables(const ReportModel& model, const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  std::vector<text::Table> tables = all_tables(model);
  tables.push_back(queries_table(tables));
  for (const text::Table& table : tables) {
    write_plainly(folder / (table.name + ".csv"), text::to_csv(table));
    write_plainly(folder / (table.name + ".md"), text::to_markdown(table));
    write_plainly(folder / (table.name + ".tex"), text::to_latex(table));
  }
}

/// Reads what was drawn into the figures, in a form that fits a page.
void read_figures(std::vector<PageAssets::Figure>& figures, const std::filesystem::path& folder, Made& made) {
  for (PageAssets::Figure& figure : figures) {
    const std::filesystem::path file = folder / (figure.plot.name + ".svg");
    if (!std::filesystem::exists(file) || std::filesystem::file_size(file) == 0) continue;
    try {
      const std::string svg = core::read_file(file);
      made.gnuplot = drawn_by(svg);
      figure.svg = inline_svg(svg, figure.plot.name, figure.plot.title, figure.plot.description);
    } catch (const core::UserError& error) {
      made.plots_note = error.what();
    }
  }
}

/// Writes scripts and data, draws them, and returns the figures with what could be drawn.
std::vector<PageAssets::Figure> draw_plots(const ReportModel& model, const std::filesystem::path& folder,
                                           const RenderOptions& options, Made& made) {
  std::vector<PageAssets::Figure> figures;
  std::vector<std::string> scripts;
  std::filesystem::create_directories(folder);
  for (Plot& plot : make_plots(model)) {
    write_plainly(folder / (plot.name + ".gp"), plot.script);
    for (const auto& [file, content] : plot.data) write_plainly(folder / file, content);
    scripts.push_back(plot.name + ".gp");
    figures.push_back({std::move(plot), ""});
  }
  if (!options.stored_plots.empty()) {
    read_figures(figures, options.stored_plots, made);
  } else if (options.plots && !figures.empty()) {
    made.plots_note.clear();
    const std::string problem =
        run_gnuplot(folder, scripts, options.gnuplot, made.latex ? kForPaper : kForPage);
    if (!problem.empty()) {
      made.plots_note = to_text(core::make_warning("plots_missing", {{"problem", problem}}));
    }
    read_figures(figures, folder, made);
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
    write_plainly(folder / fmt::format("{:02}_{}.png", i + 1, text::anchor(model.panels[i].id.substr(0, 60))),
                  pictures.back().sheet);
  }
  return pictures;
}

/// The figures of which there is a picture.
std::vector<Plot> drawn_in(const PageAssets& assets) {
  std::vector<Plot> plots;
  for (const PageAssets::Figure& figure : assets.figures) {
    if (!figure.svg.empty()) plots.push_back(figure.plot);
  }
  return plots;
}

}  // namespace

void render_report(const std::filesystem::path& folder, const ReportModel& model,
                   const std::vector<PanelPixels>& pixels, const RenderOptions& options, Made& made) {
  PageAssets assets;
  const ReportModel shown = shown_part(model);
  auto panels =
      std::async(std::launch::async, [&] { return draw_panels(model, pixels, folder / kPanelsFolder); });
  assets.figures = draw_plots(shown, folder / kPlotsFolder, options, made);
  write_tables(model, folder / kTablesFolder);
  Json json = to_json(model);
  json["made"] = to_json(made);
  write_plainly(folder / kModelFile, json.dump(1, ' ', false, Json::error_handler_t::replace) + '\n');
  assets.panels = panels.get();
  assets.generated = made.generated;
  assets.version = made.version;
  assets.plots_note = made.plots_note;
  write_plainly(folder / kPageFile, render_html(shown, assets));
  write_plainly(folder / kMarkdownFile, render_markdown(shown, made.generated, made.version));
  if (made.latex)
    write_plainly(folder / kLatexFile, render_latex(shown, drawn_in(assets), made.generated, made.version));
}

Json to_json(const Made& made) {
  return {{"generated", made.generated}, {"version", made.version},       {"drawn", made.drawn},
          {"latex", made.latex},         {"plots_note", made.plots_note}, {"gnuplot", made.gnuplot}};
}

Made made_from_json(const Json& json) {
  const auto text = [&](const char* key) {
    const Json value = json.is_object() ? json.value(key, Json()) : Json();
    return value.is_string() ? value.get<std::string>() : "";
  };
  const auto is_set = [&](const char* key) {
    const Json value = json.is_object() ? json.value(key, Json()) : Json();
    return value.is_boolean() && value.get<bool>();
  };
  return {.generated = text("generated"),
          .version = text("version"),
          .drawn = is_set("drawn"),
          .latex = is_set("latex"),
          .plots_note = text("plots_note"),
          .gnuplot = text("gnuplot")};
}

}  // namespace segbench::reports
