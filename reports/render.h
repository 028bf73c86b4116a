// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "reports/model/model.h"
#include "reports/panels/panels.h"

// From the model to the files of a report. What is written is a function of the model, the panels' pixels and
// `Made`, so that `segbench report --check` can make all of it again and compare it byte by byte.

namespace segbench::reports {

inline constexpr const char* kModelFile = "model.json";
inline constexpr const char* kPageFile = "index.html";
inline constexpr const char* kMarkdownFile = "report.md";
inline constexpr const char* kLatexFile = "report.tex";
inline constexpr const char* kPdfFile = "report.pdf";
inline constexpr const char* kTablesFolder = "tables";
inline constexpr const char* kPlotsFolder = "plots";
inline constexpr const char* kPanelsFolder = "panels";

/// How a report was made: what does not follow from the store. Stands in model.json under "made".
struct Made {
  std::string generated;   ///< UTC time stamp
  std::string version;     ///< of segbench
  bool drawn = true;       ///< gnuplot drew the plots
  bool latex = false;      ///< with report.tex and the plots as PDF
  std::string plots_note;  ///< why plots are missing; "" when none is
  std::string gnuplot;     ///< its name and version, as it writes them into its figures
};

struct RenderOptions {
  bool plots = true;                ///< draw them with gnuplot
  std::string gnuplot = "gnuplot";  ///< the program
  /// Folder with figures that are taken as they are; nothing is drawn then. Empty: none.
  std::filesystem::path stored_plots;
};

/// Writes index.html, report.md, model.json, plots/, tables/, panels/ and what else `made` asks for into
/// `folder`. Fills in what `made` says of
/// the figures. Throws core::UserError when something cannot be
/// written.
void render_report(const std::filesystem::path& folder, const ReportModel& model,
                   const std::vector<PanelPixels>& pixels, const RenderOptions& options, Made& made);

core::Json to_json(const Made& made);
/// Never throws: what is missing is left at its default.
Made made_from_json(const core::Json& json);

}  // namespace segbench::reports
