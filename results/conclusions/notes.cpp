// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/text/metrics.h"
#include "results/conclusions/conclusions.h"

namespace segbench::conclusions {

std::vector<std::string> notes_on(const Conclusions& model) {
  const bool higher = text::higher_is_better(model.metric);
  std::vector<std::string> notes = {
      fmt::format("{}: {} on the {} split, {} is better; to_best is paired by seed; expected_best is the "
                  "expected {} of n runs",
                  model.study, text::metric_title(model.metric), model.split, higher ? "higher" : "lower",
                  higher ? "maximum" : "minimum")};
  std::int64_t failed = 0, unfinished = 0;
  std::vector<std::string> few;
  for (const Entry& entry : model.leaderboard) {
    failed += entry.failed, unfinished += entry.planned - entry.complete - entry.failed;
    if (!entry.imported_from.empty())
      notes.push_back(fmt::format("{}: imported predictions ({})", entry.label, entry.imported_from));
    const bool is_left_by_search = model.search && entry.planned == 0;
    if (entry.score.values.size() < kSeedsForVerdict && !is_left_by_search)
      few.push_back(fmt::format("{} (n = {})", entry.label, entry.score.values.size()));
  }
  constexpr std::size_t kNamed = 5;
  if (few.size() > kNamed) {
    const std::size_t more = few.size() - kNamed;
    few.resize(kNamed);
    few.push_back(fmt::format("and {} more", more));
  }
  if (!few.empty()) notes.push_back(fmt::format("no verdict below three seeds: {}", fmt::join(few, ", ")));
  if (failed > 0)
    notes.push_back(fmt::format("{} of {} trials failed and have no score; `segbench status` says why",
                                failed, model.planned));
  if (unfinished > 0)
    notes.push_back(fmt::format("{} of {} trials are not complete", unfinished, model.planned));
  if (model.left_out > 0)
    notes.push_back(fmt::format("{} trials of earlier forms of this study are left out", model.left_out));
  return notes;
}

}  // namespace segbench::conclusions
