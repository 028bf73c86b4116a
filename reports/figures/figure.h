// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "reports/model/model.h"

// A figure of the report is one file here that registers itself; no list is edited for a new one.

namespace segbench::reports {

/// A drawn figure: a gnuplot script and its data, which stay beside the pictures so that a user can restyle
/// them. The script is run in its own folder and writes NAME.svg and NAME.png.
struct Plot {
  std::string name;   ///< stem of its files: Figure::name
  std::string title;  ///< heading in the report
  std::string table;  ///< tables/TABLE.csv holds its data: Figure::table
  std::string caption;
  std::string description;  ///< for those who cannot see it: what it shows, in numbers
  std::string script;
  std::map<std::string, std::string> data;  ///< file name to content
  std::vector<std::string> trials;          ///< ids of the trials that it shows
  bool wide = false;                        ///< takes the full width of the page
  bool shown = true;                        ///< false: made for papers only (the report has it as a table)
};

struct Figure {
  int order = 0;      ///< place in the report, ascending
  std::string name;   ///< lower case with underscores
  std::string title;  ///< "{metric}" stands for the title of the report's metric
  /// Fills in all but name and title. Nothing when the figure does not apply: too little to draw.
  std::optional<Plot> (*draw)(const ReportModel& model, const std::string& name) = nullptr;
  std::string table{};  ///< name of the table that holds its data as CSV
};

/// Defined once in the figure's file: `const FigureRegistration kRegistration({…});`. Throws
/// core::InternalError when another figure has the name or the order.
class FigureRegistration {
 public:
  explicit FigureRegistration(Figure figure);
};

/// The figures that have something to show, in their order.
std::vector<Plot> make_plots(const ReportModel& model);

}  // namespace segbench::reports
