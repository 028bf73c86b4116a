// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "reports/model/model.h"

namespace segbench::reports {

/// One figure: a gnuplot script and its data, which stay beside the pictures so that a user can restyle them.
/// The script is run in its own folder and writes NAME.svg and NAME.png.
struct Plot {
  std::string name;   ///< stem of its files
  std::string title;  ///< heading in the report
  std::string caption;
  std::string description;  ///< for those who cannot see it: what it shows, in numbers
  std::string script;
  std::map<std::string, std::string> data;  ///< file name to content
  std::vector<std::string> trials;          ///< ids of the trials that it shows
  bool wide = false;                        ///< takes the full width of the page
  bool shown = true;                        ///< false: made for papers only (the report has it as a table)
};

/// The figures that have something to show.
std::vector<Plot> make_plots(const ReportModel& model);

// Each gives nothing when there is too little to draw.
std::optional<Plot> strip_plot(const ReportModel& model);              // plot_strip.cpp
std::optional<Plot> differences_plot(const ReportModel& model);        // plot_strip.cpp
std::optional<Plot> curves_plot(const ReportModel& model, bool loss);  // plot_curves.cpp
std::optional<Plot> size_plot(const ReportModel& model);               // plot_scatter.cpp
std::optional<Plot> time_plot(const ReportModel& model);               // plot_scatter.cpp
std::optional<Plot> per_class_plot(const ReportModel& model);          // plot_classes.cpp

}  // namespace segbench::reports
