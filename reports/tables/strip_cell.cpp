// SPDX-License-Identifier: MIT
#include "reports/tables/strip_cell.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include <pugixml.hpp>

#include "harness/text/html.h"
#include "harness/text/numbers.h"
#include "harness/text/utf8.h"
#include "reports/figures/svg.h"
#include "reports/figures/ticks.h"
#include "results/conclusions/summarise.h"

namespace segbench::reports {
namespace {

constexpr double kWidth = 140, kHeight = 22, kPadding = 7;

void set(pugi::xml_node element, const std::vector<std::pair<const char*, std::string>>& attributes) {
  for (const auto& [name, value] : attributes) element.append_attribute(name) = value.c_str();
}

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
  const Quantity& score = entry.score;
  if (!score.mean)
    return fmt::format("<span title=\"{}\">{}</span>", text::escape(score.why_undefined), text::kUndefined);
  const auto x = [&](double value) {
    const double fraction = std::clamp((value - scale.low) / (scale.high - scale.low), 0.0, 1.0);
    return kPadding + fraction * (kWidth - 2 * kPadding);
  };
  const int digits = std::max(3, conclusions::digits_for({&score}));
  pugi::xml_document page;
  pugi::xml_node svg = page.append_child("svg");
  set(svg, {{"class", "strip"},
            {"viewBox", fmt::format("0 0 {} {}", kWidth, kHeight)},
            {"width", fmt::format("{}", kWidth)},
            {"height", fmt::format("{}", kHeight)},
            {"role", "group"},
            {"aria-label",
             fmt::format("{}: {}, mean {}", text::clean(entry.label),
                         text::plural(score.values.size(), "trial"), text::fixed(*score.mean, digits))}});
  const auto line = [&](const char* kind, double from, double to) {
    set(svg.append_child("path"),
        {{"class", kind}, {"d", fmt::format("M{:.1f} {}H{:.1f}", from, kHeight / 2, to)}});
  };
  line("axis", kPadding, kWidth - kPadding);
  if (score.interval) line("interval", x(score.interval->low), x(score.interval->high));
  for (std::size_t i = 0; i < score.values.size(); ++i) {
    pugi::xml_node link = svg.append_child("a");
    const std::string title =
        fmt::format("seed {}: {} (trial {})", conclusions::seed_of(model, entry.id, score.trials[i]),
                    text::fixed(score.values[i], digits), text::short_id(score.trials[i]));
    // By keyboard one gets to the trials through their list: a stop at every dot would be a long way.
    set(link, {{"href", "#trial-" + text::anchor(score.trials[i])},
               {"tabindex", "-1"},
               {"aria-label", text::clean(title)}});
    pugi::xml_node dot = link.append_child("circle");
    set(dot, {{"cx", fmt::format("{:.1f}", x(score.values[i]))},
              {"cy", fmt::format("{}", kHeight / 2)},
              {"r", "3.4"}});
    dot.append_child("title").text().set(text::clean(title).c_str());
  }
  set(svg.append_child("path"),
      {{"class", "mean"}, {"d", fmt::format("M{:.1f} 4V{}", x(*score.mean), kHeight - 4)}});
  return svg_text(svg);
}

}  // namespace segbench::reports
