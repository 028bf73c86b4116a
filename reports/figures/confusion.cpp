// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "harness/text/numbers.h"
#include "harness/text/utf8.h"
#include "reports/figures/figure.h"
#include "reports/figures/gnuplot.h"
#include "reports/figures/palette.h"
#include "results/conclusions/confusions.h"

namespace segbench::reports {
namespace {

/// Lines of "prediction, truth, share of the truth's pixels, its text, colour of the text".
std::string cells_of(const core::Confusion& pixels, const std::vector<std::size_t>& classes) {
  const std::vector<core::ClassCounts> counts = pixels.class_counts();
  std::string data = "# defined cells: predicted class, true class, share of its pixels, text, its colour\n";
  for (std::size_t t = 0; t < classes.size(); ++t) {
    const std::int64_t whole = counts[classes[t]].tp + counts[classes[t]].fn;
    if (whole == 0) continue;  // the class does not occur: its shares are undefined
    for (std::size_t p = 0; p < classes.size(); ++p) {
      const double share =
          static_cast<double>(pixels.at(static_cast<int>(classes[t]), static_cast<int>(classes[p]))) /
          static_cast<double>(whole);
      const std::string text = share < 0.005 ? "\"\"" : text::fixed(100 * share, 0);
      data += fmt::format("{} {} {} {} {}\n", p + 1, t + 1, share, text,
                          heat_shade(share).text == "#ffffff" ? "16777215" : "0");
    }
  }
  return data;
}

std::string sentences_of(const std::vector<std::string>& hints) {
  std::string text;
  for (const std::string& hint : hints) text += " " + hint + ".";
  return text;
}

// The report shows this heat map as a real table; the picture is for papers. Of the leader alone: another
// table has the pairs of every variant.
std::optional<Plot> draw_confusion(const ReportModel& model, const std::string& name) {
  if (model.confusions.empty()) return std::nullopt;
  const conclusions::ClassConfusion& confusion = model.confusions.front();
  const std::vector<std::size_t> classes = conclusions::shown_classes(confusion.pixels);
  double widest = 0;
  std::vector<std::string> labels;
  for (const std::size_t c : classes) {
    labels.push_back(text::shortened(confusion.classes.at(c), 18));
    widest = std::max(widest, 1.2 * text_width(labels.back()));  // wide letters, too
  }
  const auto count = static_cast<double>(classes.size());
  constexpr double kCell = 34;
  Canvas canvas{.left = widest + 18, .right = 20 + 0.7 * widest, .top = 0.75 * widest + 18, .bottom = 30};
  canvas.width = canvas.left + canvas.right + kCell * count;
  canvas.height = canvas.top + canvas.bottom + kCell * count;
  std::string setup = fmt::format(
      "set xrange [0.5:{0}.5]\nset yrange [{0}.5:0.5]\nunset xtics\nunset ytics\nunset colorbox\nset cbrange "
      "[0:1]\n",
      classes.size());
  std::vector<std::string> stops;
  for (const double at : {0.0, 0.25, 0.5, 0.75, 1.0})
    stops.push_back(fmt::format("{} '{}'", at, heat_shade(at).background));
  setup += fmt::format("set palette defined ({})\n", fmt::join(stops, ", "));
  for (std::size_t c = 0; c < classes.size(); ++c) {
    const double at = kCell * static_cast<double>(c);
    setup += label_at(canvas, canvas.left - 10, canvas.top + at + 0.5 * kCell, labels[c],
                      fmt::format("right textcolor rgb '{}'", kInk));
    setup += label_at(canvas, canvas.left + at + 0.4 * kCell, canvas.top - 8, labels[c],
                      fmt::format("left rotate by 45 textcolor rgb '{}'", kInk));
  }
  setup += label_at(canvas, canvas.left, canvas.height - 12, "rows: truth; columns: prediction",
                    fmt::format("left textcolor rgb '{}'", kMuted));
  const Entry* entry = find_entry(model, confusion.variant);
  Plot plot;
  plot.trials = confusion.trials;
  plot.shown = false;
  plot.caption = fmt::format(
      "{}, {} split, {}: of each class's pixels the percentage that is predicted as each class{}.{}",
      text::clean(entry != nullptr ? entry->label : confusion.variant), model.split,
      text::plural(confusion.trials.size(), "trial"), conclusions::say_shown_classes(confusion),
      sentences_of(conclusions::hints_of(confusion)));
  plot.description = "Confusion matrix; the table of classes taken for each other holds its largest cells.";
  plot.data[name + ".dat"] = cells_of(confusion.pixels, classes);
  plot.script = script(
      name, canvas, setup,
      "  plot 'confusion.dat' using 1:2:(0.48):(0.48):3 with boxxyerror fillstyle solid noborder linecolor "
      "palette, \\\n       'confusion.dat' using 1:2:4:5 with labels textcolor rgb variable\n");
  return plot;
}

const FigureRegistration kConfusion({.order = 72,
                                     .name = "confusion",
                                     .title = "Confusion of the leader",
                                     .draw = draw_confusion,
                                     .table = "confusion_matrix"});

}  // namespace
}  // namespace segbench::reports
