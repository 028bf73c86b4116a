// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>

#include "harness/core/optional_json.h"
#include "harness/text/metrics.h"
#include "harness/text/numbers.h"
#include "harness/text/utf8.h"
#include "results/conclusions/search.h"
#include "results/conclusions/steps.h"

namespace segbench::conclusions {
namespace {

using core::Json;

Json interval_json(const std::optional<statistics::Interval>& interval) {
  return interval ? Json{interval->low, interval->high} : Json();
}

std::string budget_text(const SearchResult& search) {
  std::string text = text::plural(static_cast<std::size_t>(search.budget_trials), "trial");
  if (search.budget_hours) text += fmt::format(" or {:g} hours of training", *search.budget_hours);
  return text;
}

const SearchDraw* chosen_draw(const SearchResult& search) {
  const auto found = std::find_if(search.draws.begin(), search.draws.end(),
                                  [&](const SearchDraw& draw) { return draw.variant == search.chosen; });
  return found == search.draws.end() ? nullptr : &*found;
}

}  // namespace

std::vector<std::string> say_search(const SearchResult& search) {
  std::vector<std::string> lines;
  const SearchDraw* chosen = chosen_draw(search);
  const std::string title = text::metric_title(search.metric);
  if (chosen == nullptr) {
    lines.push_back(fmt::format("The search has chosen nothing yet: {} of {} draws are complete.",
                                search.complete, search.draws.size()));
  } else {
    lines.push_back(fmt::format(
        "{} {} draws by {} on the selection split: {}, {} there{}.",
        search.is_finished ? "Chosen out of" : "So far the best of", search.draws.size(), title,
        text::clean(chosen->label), text::metric_value(search.metric, *search.chosen_score, 4),
        chosen->test
            ? fmt::format(" and {} on the test split", text::metric_value(search.metric, *chosen->test, 4))
            : std::string(", no test split")));
  }
  if (search.gap)
    lines.push_back(
        fmt::format("On the selection split the chosen draw looks better by {} than on the test split, "
                    "which took no part in the choice; over all complete draws the mean is {}.",
                    text::signed_fixed(*search.gap, 4), text::signed_fixed(*search.mean_gap, 4)));
  lines.push_back(fmt::format(
      "Budget: {}; {} epochs were trained in {}{}.", budget_text(search), search.epochs,
      text::metric_value("train_seconds", search.seconds, 1),
      search.epochs < search.full_epochs
          ? fmt::format(", {:.0f} % of those of all draws in full",
                        100.0 * static_cast<double>(search.epochs) / static_cast<double>(search.full_epochs))
          : std::string()));
  return lines;
}

Verdict say_choice(const Conclusions& model) {
  std::vector<std::string> lines = say_search(*model.search);
  Verdict verdict;
  verdict.leader = model.search->chosen;
  verdict.headline = lines.front();
  verdict.remarks.assign(lines.begin() + 1, lines.end());
  verdict.remarks.push_back(
      "Draws are ranked by the selection split and not compared on the test split: the best of many there "
      "would be "
      "chosen by it. Train the chosen one with fresh seeds, beside what it is to be compared with, for a "
      "verdict.");
  if (model.complete < model.planned)
    verdict.remarks.push_back(fmt::format("{} of {} planned trials are complete; this may still change.",
                                          model.complete, model.planned));
  return verdict;
}

void to_json(Json& json, const SearchResult& search) {
  json = {{"method", search.method},
          {"metric", search.metric},
          {"seed", search.seed},
          {"trials", search.budget_trials},
          {"hours", core::or_null(search.budget_hours)},
          {"rungs", search.rungs},
          {"is_finished", search.is_finished},
          {"complete", search.complete},
          {"chosen", search.chosen},
          {"chosen_score", core::or_null(search.chosen_score)},
          {"gap", core::or_null(search.gap)},
          {"mean_gap", core::or_null(search.mean_gap)},
          {"seconds", search.seconds},
          {"epochs", search.epochs},
          {"full_epochs", search.full_epochs},
          {"compared_after", search.compared_after},
          {"draws", Json::array()},
          {"parameters", Json::array()},
          {"budget", Json::array()}};
  for (const SearchDraw& draw : search.draws) {
    Json scores = Json::array();
    for (const std::optional<double>& score : draw.scores) scores.push_back(core::or_null(score));
    json["draws"].push_back({{"draw", draw.number},
                             {"variant", draw.variant},
                             {"scores", scores},
                             {"fate", draw.fate},
                             {"epochs", draw.epochs},
                             {"seconds", draw.seconds},
                             {"selection", core::or_null(draw.selection)},
                             {"test", core::or_null(draw.test)}});
  }
  for (const SearchParameter& parameter : search.parameters) {
    Json levels = Json::array();
    for (const SearchLevel& level : parameter.levels)
      levels.push_back({{"values", level.text},
                        {"draws", level.draws},
                        {"mean", core::or_null(level.mean)},
                        {"interval", interval_json(level.interval)},
                        {"best", core::or_null(level.best)},
                        {"seconds_per_epoch", core::or_null(level.seconds_per_epoch)}});
    json["parameters"].push_back({{"key", parameter.key},
                                  {"share", core::or_null(parameter.share)},
                                  {"interval", interval_json(parameter.interval)},
                                  {"p", core::or_null(parameter.p)},
                                  {"levels", levels}});
  }
  for (const BudgetPoint& point : search.budget)
    json["budget"].push_back({{"draws", point.draws},
                              {"hours", point.hours},
                              {"expected", point.expected},
                              {"sd", point.sd},
                              {"unbiased", core::or_null(point.unbiased)},
                              {"interval", {point.interval.low, point.interval.high}}});
}

}  // namespace segbench::conclusions
