// SPDX-License-Identifier: MIT
#include "reports/model/shown.h"

#include <fmt/format.h>

#include <set>

namespace segbench::reports {
namespace {

/// Keeps those items whose variant is shown.
template <typename Item, typename Key>
void keep(std::vector<Item>& items, const std::set<std::string>& shown, Key key) {
  std::erase_if(items, [&](const Item& item) { return !shown.contains(item.*key); });
}

}  // namespace

ReportModel shown_part(const ReportModel& model) {
  ReportModel part = model;
  if (!model.search || model.search->draws.size() <= kMostDrawsShown) return part;
  std::set<std::string> draws, shown;
  for (const conclusions::SearchDraw& draw : model.search->draws) draws.insert(draw.variant);
  std::size_t left = kMostDrawsShown;
  for (const Entry& entry : model.leaderboard) {
    const bool is_draw = draws.contains(entry.id);
    if (is_draw && left == 0 && entry.id != model.search->chosen) continue;
    if (is_draw && left > 0) --left;
    shown.insert(entry.id);
  }
  part.more_variants = model.leaderboard.size() - shown.size();
  keep(part.leaderboard, shown, &Entry::id);
  keep(part.to_best, shown, &PairedDifference::candidate);
  for (std::vector<Curve>* curves : {&part.loss_curves, &part.score_curves})
    keep(*curves, shown, &Curve::variant);
  keep(part.threshold_curves, shown, &ThresholdCurve::variant);
  keep(part.confusions, shown, &conclusions::ClassConfusion::variant);
  for (conclusions::Front& front : part.fronts) keep(front.lines, shown, &conclusions::Front::Line::variant);
  if (part.ranking) keep(part.ranking->lines, shown, &conclusions::Ranking::Line::variant);
  keep(part.times, shown, &conclusions::TimeParts::variant);
  return part;
}

std::string more_text(const ReportModel& model, const std::string& table) {
  return model.more_variants == 0 ? ""
                                  : fmt::format(" {} more are in tables/{}.csv.", model.more_variants, table);
}

}  // namespace segbench::reports
