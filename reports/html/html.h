// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "reports/figures/figure.h"
#include "reports/model/model.h"
#include "reports/panels/panels.h"

namespace segbench::reports {

/// What a page needs besides the model.
struct PageAssets {
  struct Figure {
    Plot plot;
    std::string svg;  ///< made fit for the page (inline_svg); "" when it was not drawn
  };
  std::vector<Figure> figures;
  std::vector<PanelPictures> panels;  ///< as the model's panels
  std::string plots_note;             ///< why plots are missing; "" when none is
  std::string generated;              ///< UTC time stamp
  std::string version;                ///< of segbench
};

/// The whole report as one HTML page that loads nothing: style, script and pictures stand in it.
std::string render_html(const ReportModel& model, const PageAssets& assets);

// The sections, in the order of the page.
std::string header_html(const ReportModel& model, const PageAssets& assets);   // html_header.cpp
std::string verdict_html(const ReportModel& model);                            // html_header.cpp
std::string leaderboard_html(const ReportModel& model);                        // html_results.cpp
std::string figures_html(const ReportModel& model, const PageAssets& assets);  // html_results.cpp
std::string panels_html(const ReportModel& model, const PageAssets& assets);   // html_panels.cpp
std::string excluded_html(const ReportModel& model);                           // html_method.cpp
std::string method_html(const ReportModel& model);                             // html_method.cpp
std::string provenance_html(const ReportModel& model);                         // html_method.cpp

extern const char* const kStyleSheet;  // html_style.cpp
extern const char* const kSortScript;  // html_script.cpp

}  // namespace segbench::reports
