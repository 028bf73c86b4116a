// SPDX-License-Identifier: MIT
#include "reports/figures/scatter.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "harness/text/metrics.h"
#include "harness/text/numbers.h"
#include "harness/text/utf8.h"
#include "reports/figures/gnuplot.h"
#include "reports/figures/palette.h"
#include "reports/figures/ticks.h"
#include "reports/model/labels.h"

namespace segbench::reports {
namespace {

struct Box {
  double left, top, right, bottom;
  bool overlaps(const Box& o) const {
    return left < o.right && o.left < right && top < o.bottom && o.top < bottom;
  }
};

struct Frame {
  Canvas canvas;
  double low = 0, high = 1;  ///< of the cost; logarithmic
  Ticks score;
  double x(double cost) const {
    const double share = std::log(cost / low) / std::log(high / low);
    return canvas.left + share * (canvas.width - canvas.left - canvas.right);
  }
  double y(double value) const {
    const double share = (value - score.first) / (score.last - score.first);
    return canvas.height - canvas.bottom - share * (canvas.height - canvas.top - canvas.bottom);
  }
};

const Front::Line* line_in(const Front* front, const std::string& variant) {
  if (front == nullptr) return nullptr;
  const auto found = std::find_if(front->lines.begin(), front->lines.end(),
                                  [&](const Front::Line& line) { return line.variant == variant; });
  return found == front->lines.end() ? nullptr : &*found;
}

/// The name of a mark, with the probability that it is on the front where that is in doubt.
std::string mark_label(const ReportModel& model, const CostMark& mark, const Front* front) {
  const std::string label = short_label(model, mark.entry->label, 24);
  const Front::Line* line = line_in(front, mark.entry->id);
  if (line == nullptr || line->probability < 0.005 || line->probability > 0.995) return label;
  return fmt::format("{} · {}%", label, text::fixed(100 * line->probability, 0));
}

/// The front as steps: what the best score is for a cost.
std::string front_steps(const Front* front) {
  std::string steps;
  if (front == nullptr) return steps;
  for (const Front::Line& line : front->lines) {
    if (line.is_on) steps += fmt::format("{} {}\n", line.cost, line.score);
  }
  return steps;
}

/// Puts each label where it covers neither a mark nor another label: right, left, above, below, then farther
/// away.
std::string place_labels(const ReportModel& model, const std::vector<CostMark>& marks, const Frame& frame,
                         const Front* front) {
  std::vector<Box> taken;
  for (const CostMark& mark : marks) {
    const double x = frame.x(mark.cost), y = frame.y(*mark.entry->score.mean);
    taken.push_back({x - 5, y - 5, x + 5, y + 5});
  }
  std::string text;
  for (const CostMark& mark : marks) {
    const std::string label = mark_label(model, mark, front);
    const double x = frame.x(mark.cost), y = frame.y(*mark.entry->score.mean), w = text_width(label);
    struct Candidate {
      double left, centre;
    };
    std::vector<Candidate> candidates;
    for (const double d : {-11.0, 11.0, 0.0, -24.0, 24.0, -37.0, 37.0, -50.0, 50.0}) {
      candidates.push_back({x + 9, y + d});
      candidates.push_back({x - 9 - w, y + d});
    }
    std::optional<Box> found;
    for (const Candidate& candidate : candidates) {
      const Box box{candidate.left, candidate.centre - 8, candidate.left + w, candidate.centre + 8};
      const bool inside = box.left > frame.canvas.left - 4 && box.right < frame.canvas.width - 2 &&
                          box.top > 0 && box.bottom < frame.canvas.height - frame.canvas.bottom + 4;
      if (!inside || std::any_of(taken.begin(), taken.end(), [&](const Box& b) { return b.overlaps(box); }))
        continue;
      found = box;
      break;
    }
    if (!found)
      continue;  // among very many marks a name that would cover others is left out; the data have it
    const Box chosen = *found;
    taken.push_back(chosen);
    const bool to_the_left = chosen.right < x;
    text += label_at(frame.canvas, to_the_left ? chosen.right : chosen.left, (chosen.top + chosen.bottom) / 2,
                     label, fmt::format("{} textcolor rgb '{}'", to_the_left ? "right" : "left", kInk));
  }
  return text;
}

/// At most seven tics; evenly spaced ones where the costs are too close for the round ones.
std::string cost_tics(const CostAxis& axis, double low, double high) {
  std::vector<double> at = axis.round(low, high);
  if (at.size() < 2) {
    const Ticks even = ticks(low, high, 4);
    at.clear();
    for (double cost = even.first; cost <= high; cost += even.step) {
      if (cost >= low) at.push_back(cost);
    }
  }
  const std::size_t step = std::max<std::size_t>(1, (at.size() + 6) / 7);
  std::vector<std::string> tics;
  for (std::size_t i = 0; i < at.size(); i += step) {
    tics.push_back(fmt::format("{} {:.6g}", gnuplot_string(axis.tic(at[i])), at[i]));
  }
  return fmt::format("set xtics ({}) nomirror scale 0 textcolor rgb '{}'\n", fmt::join(tics, ", "), kMuted);
}

}  // namespace

const Front* find_front(const ReportModel& model, const std::string& cost) {
  const auto found = std::find_if(model.fronts.begin(), model.fronts.end(),
                                  [&](const Front& front) { return front.cost == cost; });
  return found == model.fronts.end() ? nullptr : &*found;
}

std::optional<Plot> draw_scatter(const ReportModel& model, const std::string& name,
                                 const std::vector<CostMark>& marks, const CostAxis& cost_axis) {
  if (marks.size() < 2) return std::nullopt;
  Frame frame;
  frame.canvas = {.width = 560, .height = 340, .left = 60, .right = 24, .top = 34, .bottom = 46};
  frame.low = 1e300, frame.high = 0;
  double score_low = 1e300, score_high = -1e300;
  for (const CostMark& mark : marks) {
    const Interval costs = mark.cost_interval.value_or(Interval{mark.cost, mark.cost});
    frame.low = std::min(frame.low, costs.low), frame.high = std::max(frame.high, costs.high);
    const Quantity& s = mark.entry->score;
    for (const double value : s.values)
      score_low = std::min(score_low, value), score_high = std::max(score_high, value);
  }
  const double reach = std::max(score_high - score_low, 1e-9) * 0.5;
  double wide_low = score_low, wide_high = score_high;
  for (const CostMark& mark : marks) {
    if (!mark.entry->score.interval) continue;
    wide_low = std::min(wide_low, std::max(mark.entry->score.interval->low, score_low - reach));
    wide_high = std::max(wide_high, std::min(mark.entry->score.interval->high, score_high + reach));
  }
  frame.score = ticks(wide_low, wide_high, 5);
  frame.canvas.left = room_for_labels(frame.score);
  const double room = std::max(std::pow(frame.high / frame.low, 0.14), 1.15);
  frame.low /= room, frame.high *= room * std::sqrt(room);
  const Front* front = cost_axis.front;
  std::string setup = axis('y', frame.score);
  setup += axis_titles(frame.canvas, cost_axis.title,
                       fmt::format("{} ({} split)", text::metric_title(model.metric), model.split));
  setup += fmt::format("set logscale x\nset xrange [{:.6g}:{:.6g}]\n", frame.low, frame.high);
  setup += cost_tics(cost_axis, frame.low, frame.high) + place_labels(model, marks, frame, front);
  Plot plot;
  std::string data =
      "# cost, mean score, its interval from, to, cost interval from, to (both cut at the frame), "
      "\"label\"\n";
  for (const CostMark& mark : marks) {
    const Quantity& s = mark.entry->score;
    const Interval interval = s.interval.value_or(Interval{*s.mean, *s.mean});
    const Interval cost = mark.cost_interval.value_or(Interval{mark.cost, mark.cost});
    std::string label = text::clean(mark.entry->label);
    std::replace(label.begin(), label.end(), '"', '\'');
    data += fmt::format("{} {} {} {} {} {} \"{}\"\n", mark.cost, *s.mean,
                        std::max(interval.low, frame.score.first), std::min(interval.high, frame.score.last),
                        std::max(cost.low, frame.low), std::min(cost.high, frame.high), label);
    plot.trials.insert(plot.trials.end(), s.trials.begin(), s.trials.end());
    plot.description +=
        fmt::format("{}: {}, score {}", label, cost_axis.text(mark.cost), text::fixed(*s.mean, 3));
    if (const Front::Line* line = line_in(front, mark.entry->id))
      plot.description +=
          fmt::format(", on the front with probability {}", text::fixed(line->probability, 2));
    plot.description += ". ";
  }
  const std::string steps = front_steps(front);
  if (!steps.empty()) data += "\n\n# the front: cost, mean score\n" + steps;
  plot.data[name + ".dat"] = data;
  plot.script = script(
      name, frame.canvas, setup,
      fmt::format(
          "  plot {3}'{0}.dat' index 0 using 1:3:(0):($4-$3) with vectors nohead linewidth 1.6 linecolor rgb "
          "'{1}', \\\n"
          "       '{0}.dat' index 0 using 5:2:($6-$5):(0) with vectors nohead linewidth 1.6 linecolor rgb "
          "'{1}', \\\n"
          "       '{0}.dat' index 0 using 1:2 with points pointtype 7 pointsize 0.85 linecolor rgb '{2}'\n",
          name, kQuiet, kAccent,
          steps.empty() ? ""
                        : fmt::format("'{}.dat' index 1 using 1:2 with steps linewidth 1.4 dashtype 3 "
                                      "linecolor rgb '{}', \\\n       ",
                                      name, kMuted)));
  if (front != nullptr)
    plot.caption =
        "Dotted: the front, on which no other variant costs less and scores better. A percentage is the "
        "probability that a variant is on it, where its trials leave that in doubt. ";
  return plot;
}

std::vector<double> round_numbers(double low, double high) {
  std::vector<double> at;
  for (double power = 1e-3; power <= high; power *= 10) {
    for (const double factor : {1.0, 2.0, 5.0}) {
      if (factor * power >= low && factor * power <= high) at.push_back(factor * power);
    }
  }
  return at;
}

}  // namespace segbench::reports
