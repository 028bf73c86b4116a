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

/// The variants that sentences of the page are about.
std::set<std::string> named_variants(const ReportModel& model) {
  std::set<std::string> named;
  for (const conclusions::ClaimResult& claim : model.claims) named.insert({claim.candidate, claim.reference});
  for (const conclusions::PublishedNumber& number : model.published) {
    named.insert(number.variant);
    for (const conclusions::Replication& ours : number.replications) named.insert(ours.variant);
  }
  if (model.search) named.insert(model.search->chosen);
  return named;
}

std::set<std::string> shown_variants(const ReportModel& model) {
  std::set<std::string> draws, shown;
  if (model.search && model.search->draws.size() > kMostDrawsShown) {
    for (const conclusions::SearchDraw& draw : model.search->draws) draws.insert(draw.variant);
  }
  const std::set<std::string> named = named_variants(model);
  std::size_t draws_left = kMostDrawsShown, left = kMostVariantsShown;
  for (const Entry& entry : model.leaderboard) {
    std::size_t& room = draws.contains(entry.id) ? draws_left : left;
    if (room == 0 && !named.contains(entry.id)) continue;
    if (room > 0) --room;
    shown.insert(entry.id);
  }
  return shown;
}

}  // namespace

ReportModel shown_part(const ReportModel& model) {
  ReportModel part = model;
  const std::set<std::string> shown = shown_variants(model);
  if (shown.size() == model.leaderboard.size()) return part;
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
