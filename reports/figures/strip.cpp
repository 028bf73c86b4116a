// SPDX-License-Identifier: MIT
#include "reports/figures/strip.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/text/html.h"
#include "harness/text/numbers.h"
#include "reports/figures/ticks.h"
#include "results/conclusions/summarise.h"

namespace segbench::reports {
namespace {

constexpr double kWidth = 140, kHeight = 22, kPadding = 7;

}  // namespace

StripScale strip_scale(const ReportModel& model) {
  double low = 0, high = 0;
  bool any = false;
  for (const Entry& entry : model.leaderboard) {
    for (const double value : entry.score.values) {
      low = any ? std::min(low, value) : value;
      high = any ? std::max(high, value) : value;
      any = true;
    }
  }
  if (!any) return {};
  const Ticks round = ticks(low, high, 5);
  return {.low = round.first, .high = round.last, .digits = std::max(1, round.digits)};
}

std::string strip_svg(const Entry& entry, const ReportModel& model, const StripScale& scale) {
  const Summary& score = entry.score;
  if (!score.mean)
    return fmt::format("<span title=\"{}\">{}</span>", text::escape(score.why_undefined), text::kUndefined);
  const auto x = [&](double value) {
    const double share = std::clamp((value - scale.low) / (scale.high - scale.low), 0.0, 1.0);
    return kPadding + share * (kWidth - 2 * kPadding);
  };
  const int digits = std::max(3, conclusions::digits_for({&score}));
  std::string svg = fmt::format(
      "<svg class=\"strip\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" role=\"img\" "
      "aria-label=\"{2}: {3}, "
      "mean {4}\"><path class=\"axis\" d=\"M{5:.1f} {6}H{7:.1f}\"/>",
      kWidth, kHeight, text::escape(entry.label), text::plural(score.values.size(), "trial"),
      text::fixed(*score.mean, digits), kPadding, kHeight / 2, kWidth - kPadding);
  if (score.interval) {
    svg += fmt::format("<path class=\"interval\" d=\"M{:.1f} {}H{:.1f}\"/>", x(score.interval->low),
                       kHeight / 2, x(score.interval->high));
  }
  for (std::size_t i = 0; i < score.values.size(); ++i) {
    std::uint64_t seed = 0;
    for (const TrialLine& line : model.trials) {
      if (line.id == score.trials[i]) seed = line.seed;
    }
    svg += fmt::format(
        "<a href=\"#trial-{}\"><circle cx=\"{:.1f}\" cy=\"{}\" r=\"3.4\"><title>seed {}: {} (trial "
        "{})</title></circle></a>",
        text::anchor(score.trials[i]), x(score.values[i]), kHeight / 2, seed,
        text::fixed(score.values[i], digits), text::escape(text::short_id(score.trials[i])));
  }
  return svg + fmt::format("<path class=\"mean\" d=\"M{:.1f} 4V{}\"/></svg>", x(*score.mean), kHeight - 4);
}

}  // namespace segbench::reports
