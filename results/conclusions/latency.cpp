// SPDX-License-Identifier: MIT
#include "results/conclusions/latency.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "harness/text/numbers.h"
#include "results/conclusions/summarise.h"
#include "results/profiles/conclude.h"
#include "results/statistics/summary.h"

namespace segbench::conclusions {
namespace {

using store::LatencyRecord;

bool is_same_work(const LatencyRecord& a, const LatencyRecord& b) {
  return a.session == b.session && a.engine == b.engine && a.precision == b.precision &&
         a.memory_format == b.memory_format && a.device == b.device && a.batch == b.batch &&
         a.height == b.height && a.width == b.width && a.threads == b.threads;
}

std::map<std::int64_t, double> medians_of(const LatencyRecord& record) {
  std::map<std::int64_t, double> medians;
  for (const auto& [round, seconds] : record.seconds)
    if (const auto median = statistics::quantile(seconds, 0.5)) medians[round] = *median;
  return medians;
}

/// Two rows of one session that differ in their network alone.
struct RowPair {
  const LatencyRecord* candidate = nullptr;
  const LatencyRecord* reference = nullptr;
  PairedDifference saved;  ///< round by round
};

bool is_trial_of(const Conclusions& model, const std::string& variant, const std::string& trial) {
  const std::vector<std::size_t>& used = used_trials(model, variant);
  return std::any_of(used.begin(), used.end(), [&](std::size_t i) { return model.trials[i].id == trial; });
}

PairedDifference saved_time(const RowPair& rows, const ClaimResult& result) {
  PairedDifference saved{.candidate = result.candidate,
                         .reference = result.reference,
                         .seeds = {},
                         .candidate_trials = {rows.candidate->trial_id},
                         .reference_trials = {rows.reference->trial_id},
                         .difference = {},
                         .evidence = {}};
  const std::map<std::int64_t, double> ours = medians_of(*rows.candidate),
                                       theirs = medians_of(*rows.reference);
  std::vector<TrialValue> rounds;
  for (const auto& [round, seconds] : ours) {
    if (const auto other = theirs.find(round); other != theirs.end())
      rounds.push_back({rows.candidate->trial_id, 0, 1 - seconds / other->second});
  }
  saved.difference = summarise(rounds);
  const auto ratio = profiles::paired_ratio(ours, theirs, kConfidence);
  if (!ratio) return saved;
  saved.difference.mean = 1 - ratio->value;
  if (ratio->interval)
    saved.evidence.interval = Interval{1 - ratio->interval->high, 1 - ratio->interval->low};
  return saved;
}

/// All pairs of the newest session that has any.
std::vector<RowPair> pairs_of(const ClaimResult& result, const StudyInputs& inputs,
                              const Conclusions& model) {
  std::vector<RowPair> pairs;
  for (const LatencyRecord& ours : inputs.latencies) {
    if (!pairs.empty() && ours.session != pairs.front().candidate->session) break;
    if (!is_trial_of(model, result.candidate, ours.trial_id)) continue;
    for (const LatencyRecord& theirs : inputs.latencies) {
      if (!is_same_work(ours, theirs) || !is_trial_of(model, result.reference, theirs.trial_id)) continue;
      pairs.push_back({&ours, &theirs, {}});
      pairs.back().saved = saved_time(pairs.back(), result);
      break;
    }
  }
  return pairs;
}

std::string place_of(const LatencyRecord& row) {
  return fmt::format("{}, batch {}, {} x {}, {}, {}", row.engine, row.batch, row.height, row.width,
                     row.precision, row.device);
}

}  // namespace

void judge_latency(ClaimResult& result, const Condition& condition, const StudyInputs& inputs,
                   const Conclusions& model) {
  const std::vector<RowPair> pairs = pairs_of(result, inputs, model);
  result.outcome = "not decided";
  result.why = "no session of `segbench profile` has measured trials of both with the same engine";
  if (pairs.empty()) return;
  const auto least = std::min_element(pairs.begin(), pairs.end(), [](const RowPair& a, const RowPair& b) {
    const std::optional<Interval>&x = a.saved.evidence.interval, &y = b.saved.evidence.interval;
    return x && y ? x->low < y->low : !x.has_value() && y.has_value();
  });
  result.difference = least->saved;
  const std::size_t rounds = least->saved.difference.values.size();
  const std::string where =
      fmt::format("{} of {} in {}", place_of(*least->candidate), text::plural(pairs.size(), "pair of rows"),
                  least->candidate->session);
  if (!least->saved.evidence.interval || rounds < kSeedsForVerdict) {
    result.why = fmt::format("{} in common; at least {} are needed ({})", text::plural(rounds, "round"),
                             kSeedsForVerdict, where);
    return;
  }
  result.outcome = outcome_of(condition, *least->saved.evidence.interval);
  result.why =
      fmt::format("{} (paired by {}; the least favourable, {})",
                  reason_of(condition, result.outcome, 3, kConfidence), text::plural(rounds, "round"), where);
}

}  // namespace segbench::conclusions
