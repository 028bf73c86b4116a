// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>

#include "harness/core/text.h"
#include "reports/figures/figure.h"
#include "reports/figures/gnuplot.h"
#include "reports/figures/palette.h"
#include "reports/figures/ticks.h"
#include "reports/model/labels.h"

namespace segbench::reports {
namespace {

struct Part {
  const char* title;
  const char* colour;
  Quantity TimeParts::*quantity;
};
constexpr Part kParts[] = {{"training", kAccent, &TimeParts::training},
                           {"waiting for data", kSeriesColours[1], &TimeParts::waiting},
                           {"evaluation", kSeriesColours[2], &TimeParts::evaluation},
                           {"the rest", kQuiet, &TimeParts::rest}};

struct Unit {
  const char* title;
  double seconds;
};

Unit unit_of(double most) {
  if (most < 180) return {"seconds", 1};
  return most < 3 * 3600 ? Unit{"minutes", 60} : Unit{"hours", 3600};
}

std::string human(double seconds) {
  return core::human_duration(std::chrono::duration<double>(seconds));
}

/// The parts by their colours, above the bars: from the frame's left edge, or farther left where names are
/// long.
std::string time_legend(const Canvas& canvas) {
  constexpr double kMark = 14, kGap = 12, kMargin = 8;
  double width = -kGap;
  for (const Part& part : kParts) width += kMark + text_width(part.title) + kGap;
  double at = std::max(kMargin, std::min(canvas.left, canvas.width - kMargin - width));
  std::string text;
  for (const Part& part : kParts) {
    text += label_at(canvas, at, 12, "■", fmt::format("left textcolor rgb '{}'", part.colour));
    text += label_at(canvas, at + kMark, 12, part.title, fmt::format("left textcolor rgb '{}'", kInk));
    at += kMark + text_width(part.title) + kGap;
  }
  return text;
}

/// A block a part: from where to where its piece of each bar reaches.
std::string bars_data(const std::vector<TimeParts>& times, const Unit& unit) {
  std::string data = "# row, from, to, part\n";
  for (std::size_t p = 0; p < std::size(kParts); ++p) {
    for (std::size_t r = 0; r < times.size(); ++r) {
      double from = 0;
      for (std::size_t before = 0; before < p; ++before)
        from += (times[r].*kParts[before].quantity).mean.value_or(0);
      const double length = (times[r].*kParts[p].quantity).mean.value_or(0);
      data += fmt::format("{} {} {} \"{}\"\n", r + 1, from / unit.seconds, (from + length) / unit.seconds,
                          kParts[p].title);
    }
    data += "\n\n";
  }
  return data;
}

/// More bars than this are not drawn: those of the best variants are.
constexpr std::size_t kMostBars = 40;

/// Bars of one variant each, of what its trials spent their time on.
std::optional<Plot> draw_time_parts(const ReportModel& model, const std::string& name) {
  if (model.times.empty()) return std::nullopt;
  const std::vector<TimeParts> times(
      model.times.begin(),
      model.times.begin() + static_cast<std::ptrdiff_t>(std::min(model.times.size(), kMostBars)));
  double most = 0, widest = 0;
  const auto label_of = [&](const TimeParts& parts, std::size_t width) {
    const Entry* entry = find_entry(model, parts.variant);
    return short_label(model, entry != nullptr ? entry->label : parts.variant, width);
  };
  for (const TimeParts& parts : times) {
    double sum = 0;
    for (const Part& part : kParts) sum += (parts.*part.quantity).mean.value_or(0);
    most = std::max(most, sum);
    widest = std::max(widest, text_width(label_of(parts, 26)));
  }
  const Unit unit = unit_of(most);
  const Ticks range = ticks(0, most / unit.seconds, 5);
  const double row = times.size() <= 20 ? 30 : 20;
  Canvas canvas{.width = 560,
                .height = 0,
                .left = widest + 24,
                .right = room_for_last_label(range),
                .top = 32,
                .bottom = 46};
  canvas.height = canvas.top + canvas.bottom + row * static_cast<double>(times.size());
  std::string setup = axis('x', range) + axis_titles(canvas, std::string(unit.title) + " a trial", "");
  setup += fmt::format("set yrange [{}.5:0.5]\nunset ytics\nset grid noytics\n", times.size());
  setup += time_legend(canvas);
  Plot plot;
  std::vector<std::string> commands;
  for (std::size_t p = 0; p < std::size(kParts); ++p) {
    commands.push_back(fmt::format(
        "'{}.dat' index {} using (($2+$3)/2):1:(($3-$2)/2):(0.32) with boxxyerror fillstyle solid noborder "
        "linecolor rgb '{}'",
        name, p, kParts[p].colour));
  }
  for (std::size_t r = 0; r < times.size(); ++r) {
    const TimeParts& parts = times[r];
    setup += label_at(canvas, canvas.left - 10, canvas.top + row * (static_cast<double>(r) + 0.5),
                      label_of(parts, 26), fmt::format("right textcolor rgb '{}'", kInk));
    plot.trials.insert(plot.trials.end(), parts.training.trials.begin(), parts.training.trials.end());
    plot.description += fmt::format("{}: training {}", label_of(parts, 60), human(*parts.training.mean));
    for (std::size_t p = 1; p < std::size(kParts); ++p) {
      if (const auto& mean = (parts.*kParts[p].quantity).mean)
        plot.description += fmt::format(", {} {}", kParts[p].title, human(*mean));
    }
    plot.description += ". ";
  }
  plot.data[name + ".dat"] = bars_data(times, unit);
  plot.script = script(name, canvas, setup, fmt::format("  plot {}\n", fmt::join(commands, ", \\\n       ")));
  plot.caption = times.size() < model.times.size()
                     ? fmt::format("Of the {} best of {} variants. ", times.size(), model.times.size())
                     : "";
  plot.caption +=
      "Means over trials. The rest: starting, reading the decoded data, checkpoints, failed attempts.";
  return plot;
}

const FigureRegistration kTimeParts({.order = 62,
                                     .name = "time_parts",
                                     .title = "Where the time went",
                                     .draw = draw_time_parts,
                                     .table = "time_parts"});

}  // namespace
}  // namespace segbench::reports
