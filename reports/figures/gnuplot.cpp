// SPDX-License-Identifier: MIT
#include "reports/figures/gnuplot.h"
#include "harness/text/numbers.h"
#include "harness/text/utf8.h"

#include <fmt/format.h>

#include <algorithm>

#include "reports/figures/palette.h"
#include "reports/figures/ticks.h"

namespace segbench::reports {
namespace {

/// Millipixels are enough for any figure.
std::string number(double value) {
  return fmt::format("{:.6g}", value);
}

}  // namespace

std::string gnuplot_string(std::string_view text) {
  // Nothing is expanded within single quotes; an apostrophe, which would end them, is printed as its
  // typographic sign. (Doubling it, as the manual says, fails at the start of a string in gnuplot 5.4.)
  std::string result = "'";
  for (const char c : text::clean(text)) result += c == '\'' ? "’" : std::string(1, c);
  return result + "'";
}

double text_width(std::string_view text) {
  return 7.2 * static_cast<double>(text::width(text));
}

double room_for_labels(const Ticks& ticks) {
  return std::max(48.0, 18 + std::max(text_width(text::fixed(ticks.first, ticks.digits)),
                                      text_width(text::fixed(ticks.last, ticks.digits))));
}

double room_for_last_label(const Ticks& ticks) {
  return std::max(16.0, 6 + text_width(text::fixed(ticks.last, ticks.digits)) / 2);
}

std::string axis(char which, const Ticks& ticks) {
  return fmt::format(
      "set {0}range [{1}:{2}]\nset {0}tics {1},{3},{2} nomirror scale 0 textcolor rgb '{4}'\nset format {0} "
      "'%.{5}f'\n",
      which, number(ticks.first), number(ticks.last), number(ticks.step), kMuted, ticks.digits);
}

std::string axis_titles(const Canvas& canvas, std::string_view x, std::string_view y) {
  const std::string colour = fmt::format("textcolor rgb '{}'", kMuted);
  std::string text;
  if (!x.empty())
    text += label_at(canvas, canvas.width - canvas.right, canvas.height - 8, x, "right " + colour);
  if (!y.empty()) text += label_at(canvas, 8, 10, y, "left " + colour);
  return text;
}

std::string label_at(const Canvas& canvas, double x, double y, std::string_view text,
                     const std::string& options) {
  return fmt::format("set label {} at screen {},{} {}\n", gnuplot_string(text), number(x / canvas.width),
                     number(1 - y / canvas.height), options);
}

std::string script(const std::string& name, const Canvas& canvas, const std::string& setup,
                   const std::string& plot_commands) {
  return fmt::format(
      R"(# `gnuplot {name}.gp`, run in this folder, draws {name}.svg and {name}.png from the data beside it.
# `gnuplot -e "devices = 'pdf'" {name}.gp` draws {name}.pdf.
if (!exists('devices')) devices = 'svg png'
reset
set encoding utf8
set lmargin at screen {left}
set rmargin at screen {right}
set tmargin at screen {top}
set bmargin at screen {bottom}
set border 0
set grid linetype 1 linewidth 1 linecolor rgb '{rule}'
set bars 0
unset key
{setup}do for [device in devices] {{
  if (device eq 'svg') {{
    set terminal svg size {width},{height} noenhanced font 'sans-serif,13'
    set output '{name}.svg'
  }}
  if (device eq 'pdf') {{
    set terminal pdfcairo size {pdf_width}in,{pdf_height}in noenhanced font 'sans-serif,9.75'
    set output '{name}.pdf'
  }}
  if (device eq 'png') {{
    set terminal pngcairo size {png_width},{png_height} noenhanced font 'sans-serif,9.75' fontscale 3 linewidth 3 pointscale 3
    set output '{name}.png'
  }}
{commands}}}
unset output
)",
      fmt::arg("name", name), fmt::arg("left", number(canvas.left / canvas.width)),
      fmt::arg("right", number(1 - canvas.right / canvas.width)),
      fmt::arg("top", number(1 - canvas.top / canvas.height)),
      fmt::arg("bottom", number(canvas.bottom / canvas.height)), fmt::arg("rule", kRule),
      fmt::arg("setup", setup), fmt::arg("width", number(canvas.width)),
      fmt::arg("height", number(canvas.height)), fmt::arg("png_width", number(3 * canvas.width)),
      fmt::arg("png_height", number(3 * canvas.height)), fmt::arg("pdf_width", number(canvas.width / 96)),
      fmt::arg("pdf_height", number(canvas.height / 96)), fmt::arg("commands", plot_commands));
}

}  // namespace segbench::reports
