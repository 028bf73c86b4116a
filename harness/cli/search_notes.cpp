// SPDX-License-Identifier: MIT
#include "harness/cli/search_notes.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "harness/core/error.h"
#include "harness/study/search.h"
#include "harness/text/metrics.h"
#include "harness/text/numbers.h"
#include "harness/trial/looks_log.h"

namespace segbench::cli {
namespace {

using core::Json;

/// Share of all epochs that a halving is expected to train: one of `reduction` draws goes on at each rung.
double expected_share(const study::Search& search) {
  double epochs = 0, going = 1;
  std::int64_t before = 0;
  for (const std::int64_t rung : search.rungs) {
    epochs += going * static_cast<double>(rung - before);
    going /= static_cast<double>(search.reduction);
    before = rung;
  }
  return epochs / static_cast<double>(search.rungs.back());
}

}  // namespace

std::vector<std::string> search_plan_lines(const study::Study& study) {
  if (!study.search) return {};
  const study::Search& search = *study.search;
  const std::size_t wanted =
      static_cast<std::size_t>(search.trials) / std::max<std::size_t>(1, study.seeds.size());
  std::vector<std::string> lines = {
      fmt::format("search: {} draws of {} setting{} ({}, seed {}), chosen by {} on the selection split",
                  search.draws, search.space.size(), search.space.size() == 1 ? "" : "s", search.method,
                  search.seed, text::metric_title(study.variants.front().config.training.select_by))};
  if (search.draws < wanted)
    lines.push_back(
        fmt::format("search: the budget allows {} draws, but no more different ones were found", wanted));
  if (!search.rungs.empty()) {
    const std::vector<std::int64_t> rungs(search.rungs.begin(), search.rungs.end() - 1);
    lines.push_back(fmt::format(
        "search: after {} of {} epochs about one draw of {} goes on; about {:.0f} % of all "
        "epochs are trained",
        fmt::join(rungs, ", "), search.rungs.back(), search.reduction, 100 * expected_share(search)));
  }
  if (search.hours)
    lines.push_back(fmt::format("search: no draw begins after {:g} hours of training", *search.hours));
  return lines;
}

std::vector<std::string> search_lines(const Json& study) {
  const Json record = trial::search_record(study);
  if (record.is_null()) return {};
  const std::size_t rungs = record.at("rungs").size();
  std::vector<std::size_t> reached(rungs, 0);
  for (const Json& draw : record.at("draws")) {
    for (std::size_t k = 0; k < std::min(rungs, draw.at("scores").size()); ++k) ++reached[k];
  }
  std::vector<std::string> texts;
  for (std::size_t k = 0; k < rungs; ++k)
    texts.push_back(fmt::format("{} known after {}", reached[k],
                                text::plural(record.at("rungs")[k].get<std::size_t>(), "epoch")));
  std::vector<std::string> lines = {fmt::format("search {}: of {} draws {}",
                                                record.at("finished").get<bool>() ? "finished" : "under way",
                                                record.at("draws").size(), fmt::join(texts, ", "))};
  if (const Json& chosen = record.at("chosen"); chosen.is_object())
    lines.push_back(fmt::format("search: {} {}, {} {:.4f} on the selection split",
                                record.at("finished").get<bool>() ? "chosen is" : "best so far is",
                                chosen.at("label").get<std::string>(),
                                text::metric_title(record.at("metric").get<std::string>()),
                                chosen.at("score").get<double>()));
  return lines;
}

std::set<std::string> end_search(const study::Study& study, const run::StudyPlan& plan) {
  if (!study.search) return {};
  run::SearchCourse course(study, plan, {});
  course.look();
  return course.unwanted();
}

void check_search_selection(const study::Study& study, bool is_selection) {
  if (!is_selection || !study.search || !study::decides_while_running(*study.search)) return;
  throw core::UserError(
      fmt::format("{}: this search decides by all of its draws which of them go on; run it without "
                  "--only and --seeds",
                  study.file.string()),
      core::kUsage);
}

}  // namespace segbench::cli
