// SPDX-License-Identifier: MIT
#include "harness/serve/chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "harness/text/html.h"

namespace segbench::serve {
namespace {

struct Range {
  double low = std::numeric_limits<double>::infinity(), high = -low;

  bool empty() const { return low > high; }
  void take(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
  double fraction(double value) const { return (value - low) / (high - low); }
};

Range range_of(const std::vector<CurvePoint>& points) {
  Range range;
  for (const CurvePoint& point : points) {
    if (point.value && std::isfinite(*point.value)) range.take(*point.value);
  }
  return range;
}

/// A range that has an extent, with a little room above and below.
Range widened(Range range) {
  const double extent = range.high - range.low;
  const double room = extent > 0 ? extent * 0.06 : std::max(std::abs(range.high) * 0.05, 1e-9);
  return {range.low - room, range.high + room};
}

struct Box {
  double left, top, width, height;
};

/// The line through the points that have a value; a gap where one has none. A value that stands alone is a
/// dot.
std::string path_of(const std::vector<CurvePoint>& points, const Box& box, const Range& x, const Range& y) {
  std::string path;
  bool down = false;
  for (const CurvePoint& point : points) {
    if (!point.value || !std::isfinite(*point.value)) {
      down = false;
      continue;
    }
    path += fmt::format("{}{:.1f} {:.1f}", down ? "L" : "M",
                        box.left + box.width * x.fraction(static_cast<double>(point.epoch)),
                        box.top + box.height * (1 - y.fraction(*point.value)));
    if (!down) path += "h0";
    down = true;
  }
  return path;
}

std::string tick_text(double value, double step) {
  const int digits = std::clamp(static_cast<int>(std::ceil(-std::log10(step) - 1e-9)), 0, 6);
  return fmt::format("{:.{}f}", std::abs(value) < step * 1e-9 ? 0.0 : value, digits);
}

std::string axes_svg(const Box& box, const Range& x, const Range& y) {
  std::string svg;
  const std::vector<double> levels = round_ticks(y.low, y.high, 5);
  const double step = levels.size() > 1 ? levels[1] - levels[0] : 1;
  for (const double level : levels) {
    const double at = box.top + box.height * (1 - y.fraction(level));
    svg += fmt::format(
        "<line class=\"grid\" x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/><text x=\"{:.1f}\" "
        "y=\"{:.1f}\" "
        "text-anchor=\"end\">{}</text>",
        box.left, box.left + box.width, at, at, box.left - 7, at + 4, tick_text(level, step));
  }
  for (const double epoch : round_ticks(x.low, x.high, 6)) {
    if (epoch != std::floor(epoch)) continue;
    svg += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{:.0f}</text>",
                       box.left + box.width * x.fraction(epoch), box.top + box.height + 20, epoch);
  }
  return svg;
}

}  // namespace

std::vector<double> round_ticks(double low, double high, int wanted) {
  if (!(high > low) || wanted < 1) return {};
  const double rough = (high - low) / wanted;
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  double step = power * 10;
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (power * factor >= rough) {
      step = power * factor;
      break;
    }
  }
  std::vector<double> ticks;
  for (double k = std::ceil(low / step - 1e-9); k * step <= high + step * 1e-9; ++k)
    ticks.push_back(k * step);
  return ticks;
}

std::string chart_svg(const Chart& chart) {
  constexpr Box kBox{66, 12, 562, 216};
  Range x, y;
  for (const Series& series : chart.series) {
    const Range values = range_of(*series.points);
    if (values.empty()) continue;
    y.take(values.low);
    y.take(values.high);
    for (const CurvePoint& point : *series.points) x.take(static_cast<double>(point.epoch));
  }
  if (y.empty()) return "";
  x.take(1);
  x.take(static_cast<double>(std::max<std::int64_t>(chart.epochs, 2)));
  y = widened(y);
  std::string svg =
      fmt::format("<svg class=\"chart\" viewBox=\"0 0 640 278\" role=\"img\" aria-label=\"{}\">",
                  text::escape(chart.title));
  svg += axes_svg(kBox, x, y);
  if (chart.marked_epoch) {
    const double at = kBox.left + kBox.width * x.fraction(static_cast<double>(*chart.marked_epoch));
    svg += fmt::format("<line class=\"mark\" x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>", at,
                       at, kBox.top, kBox.top + kBox.height);
  }
  for (const Series& series : chart.series) {
    svg += fmt::format("<path class=\"line s{}{}\" d=\"{}\"><title>{}</title></path>", series.colour,
                       series.dashed ? " dashed" : "", path_of(*series.points, kBox, x, y),
                       text::escape(series.name));
  }
  return svg + fmt::format("<text x=\"{}\" y=\"270\" text-anchor=\"middle\">epoch</text></svg>\n",
                           kBox.left + kBox.width / 2);
}

std::string sparkline_svg(const std::vector<CurvePoint>& points, const std::string& title) {
  constexpr Box kBox{2, 3, 92, 18};
  Range y = range_of(points);
  if (points.size() < 2 || y.empty()) return "";
  y = widened(y);
  const Range x{static_cast<double>(points.front().epoch), static_cast<double>(points.back().epoch)};
  if (!(x.high > x.low)) return "";
  return fmt::format(
      "<svg class=\"spark\" viewBox=\"0 0 96 24\" role=\"img\" aria-label=\"{}\"><path class=\"line s0\" "
      "d=\"{}\"/></svg>",
      text::escape(title), path_of(points, kBox, x, y));
}

}  // namespace segbench::serve
