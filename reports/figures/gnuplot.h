// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "reports/figures/ticks.h"

namespace segbench::reports {

/// Text as a gnuplot string: single quotes, in which gnuplot expands nothing.
std::string gnuplot_string(std::string_view text);

/// Size and margins of a figure, in pixels of its SVG.
struct Canvas {
  double width = 560, height = 320;
  double left = 60, right = 16, top = 12, bottom = 46;
};

/// Opens a script: how to run it, margins, quiet axes, and the loop over both output formats, which
/// figure_end() closes. Between them stand plot commands without any text of the user's; `setup` (labels,
/// ranges, tics) is put in front.
std::string script(const std::string& name, const Canvas& canvas, const std::string& setup,
                   const std::string& plot_commands);

/// `set label 'text' at screen x,y …`: x and y in pixels from the upper left corner.
std::string label_at(const Canvas& canvas, double x, double y, std::string_view text,
                     const std::string& options);

/// Pixels that the labels of a y axis need to the left of the frame, and half the width of an x axis' last
/// label.
double room_for_labels(const Ticks& ticks);
double room_for_last_label(const Ticks& ticks);

/// Range and tics of an axis ('x' or 'y').
std::string axis(char which, const Ticks& ticks);
/// What the axes show: x below at the right end, y above at the left end, both written horizontally.
std::string axis_titles(const Canvas& canvas, std::string_view x, std::string_view y);
/// Pixels that a text of the figures' font takes, about.
double text_width(std::string_view text);

/// Files that a script draws: SVG for the page and PNG, or PDF for LaTeX.
inline constexpr const char* kForPage = "svg png";
inline constexpr const char* kForPaper = "svg png pdf";

/// Runs `program` over scripts in `folder`, several processes at once. Returns what went wrong, "" when
/// nothing did.
std::string run_gnuplot(const std::filesystem::path& folder, const std::vector<std::string>& scripts,
                        const std::string& program = "gnuplot", const std::string& devices = kForPage);

}  // namespace segbench::reports
