// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "harness/text/utf8.h"
#include "reports/figures/figure.h"
#include "reports/figures/gnuplot.h"
#include "reports/figures/palette.h"
#include "reports/model/labels.h"

namespace segbench::reports {
namespace {

std::optional<double> iou_of(const Entry& entry, const std::string& class_name) {
  const ClassScore* score = find_class(entry, class_name);
  return score == nullptr ? std::nullopt : score->iou.mean;
}

// The report shows this heat map as a real table; the picture is for papers.
std::optional<Plot> draw_per_class(const ReportModel& model, const std::string& name) {
  const std::vector<std::string> names = class_names(model);
  const std::size_t classes = names.size();
  std::vector<const Entry*> rows;
  for (const Entry& entry : model.leaderboard) {
    const auto is_scored = [&](const std::string& class_name) {
      return iou_of(entry, class_name).has_value();
    };
    if (std::any_of(names.begin(), names.end(), is_scored)) rows.push_back(&entry);
  }
  if (rows.empty()) return std::nullopt;
  double widest_label = 0, widest_class = 0;
  for (const Entry* row : rows)
    widest_label = std::max(widest_label, text_width(short_label(model, row->label, 26)));
  for (std::size_t c = 0; c < classes; ++c) {
    widest_class = std::max(widest_class, text_width(text::shortened(names[c], 16)));
  }
  constexpr double kCellWidth = 46, kCellHeight = 28;
  Canvas canvas{.left = widest_label + 18, .right = 20, .top = 0.75 * widest_class + 18, .bottom = 10};
  canvas.width = canvas.left + canvas.right + kCellWidth * static_cast<double>(classes) + 0.7 * widest_class;
  canvas.right += 0.7 * widest_class;
  canvas.height = canvas.top + canvas.bottom + kCellHeight * static_cast<double>(rows.size());
  std::string setup = fmt::format(
      "set xrange [0.5:{}.5]\nset yrange [{}.5:0.5]\nunset xtics\nunset ytics\nunset colorbox\n"
      "set cbrange [0:1]\n",
      classes, rows.size());
  std::vector<std::string> stops;
  for (const double at : {0.0, 0.25, 0.5, 0.75, 1.0})
    stops.push_back(fmt::format("{} '{}'", at, heat_shade(at).background));
  setup += fmt::format("set palette defined ({})\n", fmt::join(stops, ", "));
  for (std::size_t r = 0; r < rows.size(); ++r) {
    setup += label_at(canvas, canvas.left - 10, canvas.top + kCellHeight * (static_cast<double>(r) + 0.5),
                      short_label(model, rows[r]->label, 26), fmt::format("right textcolor rgb '{}'", kInk));
  }
  for (std::size_t c = 0; c < classes; ++c) {
    setup +=
        label_at(canvas, canvas.left + kCellWidth * (static_cast<double>(c) + 0.4), canvas.top - 8,
                 text::shortened(names[c], 16), fmt::format("left rotate by 45 textcolor rgb '{}'", kInk));
  }
  Plot plot;
  plot.shown = false;
  std::string data = "# defined cells: class, variant, mean IoU, its text, colour of the text\n", undefined;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    for (std::size_t c = 0; c < classes; ++c) {
      const std::optional<double> score = iou_of(*rows[r], names[c]);
      if (!score) {
        undefined += fmt::format("{} {}\n", c + 1, r + 1);
        continue;
      }
      const std::string colour = heat_shade(*score).text == "#ffffff" ? "16777215" : "0";
      data += fmt::format("{} {} {} {:.2f} {}\n", c + 1, r + 1, *score, *score, colour);
    }
  }
  data += "\n\n# undefined cells: class, variant\n" + undefined;
  plot.data[name + ".dat"] = data;
  std::string commands =
      "  plot 'per_class.dat' index 0 using 1:2:(0.48):(0.47):3 with boxxyerror fillstyle solid noborder "
      "linecolor palette, \\\n";
  if (!undefined.empty()) {
    commands += fmt::format(
        "       'per_class.dat' index 1 using 1:2:(0.48):(0.47) with boxxyerror fillstyle pattern 4 noborder "
        "linecolor rgb '{}', \\\n",
        kQuiet);
  }
  commands += "       'per_class.dat' index 0 using 1:2:4:5 with labels textcolor rgb variable\n";
  plot.script = script(name, canvas, setup, commands);
  return plot;
}

const FigureRegistration kPerClass({.order = 70,
                                    .name = "per_class",
                                    .title = "IoU of each class",
                                    .draw = draw_per_class,
                                    .table = "per_class"});

}  // namespace
}  // namespace segbench::reports
