// SPDX-License-Identifier: MIT
#include "reports/figures/rows.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/text/metrics.h"
#include "harness/text/numbers.h"
#include "harness/text/utf8.h"
#include "reports/figures/gnuplot.h"
#include "reports/figures/palette.h"
#include "reports/figures/ticks.h"
#include "reports/model/labels.h"
#include "results/conclusions/summarise.h"

namespace segbench::reports {
namespace {

/// Many rows stand closer, so that a hundred still fit a page or two.
double row_height(std::size_t rows) {
  return rows <= 20 ? 34 : rows <= 50 ? 24 : 18;
}

constexpr std::size_t kLabelWidth = 26;

/// The range of all dots, and of the intervals as far as they reach less than the dots' own spread beyond
/// them: with two seeds an interval may be a hundred times wider than what was seen.
Ticks range_of(const std::vector<DotRow>& rows, bool with_zero) {
  double low = with_zero ? 0 : 1e300, high = with_zero ? 0 : -1e300;
  for (const DotRow& row : rows) {
    for (const double value : row.summary->values) low = std::min(low, value), high = std::max(high, value);
  }
  const double reach = std::max(high - low, 1e-9);
  double wide_low = low, wide_high = high;
  for (const DotRow& row : rows) {
    if (!row.summary->interval) continue;
    wide_low = std::min(wide_low, std::max(row.summary->interval->low, low - reach));
    wide_high = std::max(wide_high, std::min(row.summary->interval->high, high + reach));
  }
  return ticks(wide_low, wide_high, 5);
}

std::string data_of(const std::vector<DotRow>& rows, const Ticks& range) {
  std::string text = "# every trial: row, value, offset from the row, seed, trial id\n";
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const Quantity& s = *rows[r].summary;
    for (std::size_t i = 0; i < s.values.size(); ++i) {
      // Seeds are spread a little over the row's height, always the same way, so that equal values stay
      // visible.
      const double offset =
          s.values.size() < 2
              ? 0
              : 0.3 * (static_cast<double>(i) / static_cast<double>(s.values.size() - 1) - 0.5);
      text +=
          fmt::format("{} {} {:.4f} {} {}\n", r + 1, s.values[i], offset, rows[r].seeds.at(i), s.trials[i]);
    }
  }
  text += "\n\n# every variant: row, mean, interval from, to (cut at the frame), \"label\"\n";
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const Quantity& s = *rows[r].summary;
    const Interval interval = s.interval.value_or(Interval{*s.mean, *s.mean});
    std::string label = text::clean(rows[r].label);
    std::replace(label.begin(), label.end(), '"', '\'');
    text += fmt::format("{} {} {} {} \"{}\"\n", r + 1, *s.mean, std::max(interval.low, range.first),
                        std::min(interval.high, range.last), label);
  }
  return text;
}

}  // namespace

Plot draw_rows(const ReportModel& model, const std::string& name, const std::vector<DotRow>& rows,
               const std::string& axis_title, bool with_zero) {
  const Ticks range = range_of(rows, with_zero);
  double widest = 0;
  for (const DotRow& row : rows)
    widest = std::max(widest, text_width(short_label(model, row.label, kLabelWidth)));
  Canvas canvas{.left = widest + 24, .right = room_for_last_label(range)};
  const double height_of_row = row_height(rows.size());
  canvas.height = canvas.top + canvas.bottom + height_of_row * static_cast<double>(rows.size());
  std::string setup = axis('x', range) + axis_titles(canvas, axis_title, "");
  setup += fmt::format("set yrange [{}.5:0.5]\nunset ytics\nset grid noytics\n", rows.size());
  for (std::size_t r = 0; r < rows.size(); ++r) {
    setup += label_at(canvas, canvas.left - 14, canvas.top + height_of_row * (static_cast<double>(r) + 0.5),
                      short_label(model, rows[r].label, kLabelWidth),
                      fmt::format("right textcolor rgb '{}'", kInk));
  }
  if (with_zero) {
    setup += fmt::format("set arrow from 0, graph 0 to 0, graph 1 nohead linewidth 1.2 linecolor rgb '{}'\n",
                         kMuted);
  }
  const std::string commands = fmt::format(
      "  plot '{0}.dat' index 1 using 3:1:($4-$3):(0) with vectors nohead linewidth 2.5 linecolor rgb '{1}', "
      "\\\n"
      "       '{0}.dat' index 0 using 2:($1+$3) with points pointtype 7 pointsize 0.75 linecolor rgb '{2}', "
      "\\\n"
      "       '{0}.dat' index 1 using 2:($1-0.3):(0):(0.6) with vectors nohead linewidth 2.5 linecolor rgb "
      "'{1}'\n",
      name, kInk, kAccent);
  Plot plot;
  plot.script = script(name, canvas, setup, commands);
  plot.data[name + ".dat"] = data_of(rows, range);
  for (const DotRow& row : rows) {
    const int digits = std::max(3, conclusions::digits_for({row.summary}));
    plot.trials.insert(plot.trials.end(), row.summary->trials.begin(), row.summary->trials.end());
    plot.description +=
        fmt::format("{}: mean {}", text::clean(row.label), text::fixed(*row.summary->mean, digits));
    if (row.summary->interval)
      plot.description +=
          fmt::format(", interval {}", conclusions::interval_text(*row.summary->interval, digits));
    plot.description += fmt::format(", {}. ", text::plural(row.summary->values.size(), "trial"));
  }
  return plot;
}

}  // namespace segbench::reports
