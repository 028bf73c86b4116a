// SPDX-License-Identifier: MIT
#include "harness/cli/status_summary.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>

#include "harness/cli/trial_table.h"

namespace segbench::cli {
namespace {

using core::TrialStatus;

constexpr std::size_t kAround = 8;  ///< lines of headings, notes and what follows the tables

bool is_for_people(const std::string& format) {
  return format == "table" || format == "md";
}

struct VariantCounts {
  std::string label;
  trial::StatusCounts counts{};
  std::size_t trials = 0;

  bool is_complete() const { return counts.of(TrialStatus::kComplete) == trials; }
  bool is_pending() const { return counts.of(TrialStatus::kPending) == trials; }
};

/// In the order of the experiment file.
std::vector<VariantCounts> count_variants(const StatusRows& rows) {
  std::vector<VariantCounts> variants;
  std::map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < rows.trials.size(); ++i) {
    const auto [place, is_new] = places.try_emplace(rows.trials[i].variant_id, variants.size());
    if (is_new) variants.push_back({.label = rows.trials[i].variant_label});
    VariantCounts& variant = variants[place->second];
    ++variant.trials;
    variant.counts.add(rows.states[i]);
  }
  return variants;
}

Table variant_table(const std::vector<VariantCounts>& variants) {
  constexpr std::array kOrder = {TrialStatus::kComplete, TrialStatus::kRunning, TrialStatus::kFailed,
                                 TrialStatus::kInterrupted, TrialStatus::kPending};
  Table table{.columns = {{"variant"}, number_column("trials", 0)}};
  for (const TrialStatus status : kOrder)
    table.columns.push_back(number_column(std::string(core::to_string(status)), 0));
  const bool any_paused =
      std::ranges::any_of(variants, [](const VariantCounts& v) { return v.counts.of("paused") > 0; });
  if (any_paused) table.columns.push_back(number_column("paused", 0));
  for (const VariantCounts& variant : variants) {
    std::vector<Cell>& row = table.rows.emplace_back(std::vector<Cell>{variant.label, variant.trials});
    for (const TrialStatus status : kOrder) row.emplace_back(variant.counts.of(status));
    if (any_paused) row.emplace_back(variant.counts.of("paused"));
  }
  return table;
}

/// How much a trial wants to be looked at, 0 most; nothing of one that is complete, paused or waits its turn.
std::optional<int> rank_of(const StatusRows& rows, std::size_t i) {
  const trial::TrialState& state = rows.states[i];
  if (state.status == TrialStatus::kRunning) return 0;
  if (state.status == TrialStatus::kFailed) return 1;
  if (state.status == TrialStatus::kInterrupted && !trial::is_paused(state.status, state.message)) return 2;
  const bool is_lost =
      !rows.tasks.empty() && rows.tasks[i] && rows.tasks[i]->place == slurm::TaskPlace::kLost;
  return is_lost ? std::optional(3) : std::nullopt;
}

std::vector<std::size_t> to_look_at(const StatusRows& rows) {
  std::array<std::vector<std::size_t>, 4> by_rank;
  for (std::size_t i = 0; i < rows.trials.size(); ++i) {
    if (const auto rank = rank_of(rows, i)) by_rank.at(static_cast<std::size_t>(*rank)).push_back(i);
  }
  std::vector<std::size_t> found;
  for (const auto& of_rank : by_rank) found.insert(found.end(), of_rank.begin(), of_rank.end());
  return found;
}

StatusRows keep(const StatusRows& rows, const std::vector<std::size_t>& kept) {
  StatusRows some;
  for (const std::size_t i : kept) {
    some.trials.push_back(rows.trials[i]);
    some.states.push_back(rows.states[i]);
    if (!rows.tasks.empty()) some.tasks.push_back(rows.tasks[i]);
  }
  return some;
}

/// Drops the variants that nothing is being done about, then all beyond `most`; returns what to say of them.
std::string shorten(std::vector<VariantCounts>& variants, std::size_t most) {
  const std::size_t all = variants.size();
  if (all <= most) return "";
  const auto complete = static_cast<std::size_t>(
      std::count_if(variants.begin(), variants.end(), [](const auto& v) { return v.is_complete(); }));
  const auto pending = static_cast<std::size_t>(
      std::count_if(variants.begin(), variants.end(), [](const auto& v) { return v.is_pending(); }));
  std::erase_if(variants, [](const VariantCounts& v) { return v.is_complete() || v.is_pending(); });
  const std::size_t under_way = variants.size();
  if (under_way > most) variants.resize(most);
  std::vector<std::string> parts;
  if (complete > 0) parts.push_back(fmt::format("{} complete", complete));
  if (under_way > variants.size()) parts.push_back(fmt::format("{} under way", under_way - variants.size()));
  if (pending > 0) parts.push_back(fmt::format("{} not begun", pending));
  return fmt::format("{} variants; not shown: {}\n", all, fmt::join(parts, ", "));
}

}  // namespace

bool is_list(const StatusRows& rows, const std::string& format, std::size_t most) {
  return !is_for_people(format) || rows.trials.size() <= most;
}

std::string list_text(const StatusRows& rows, const std::string& format) {
  Table table = trial_table(rows.trials, rows.states, format);
  const bool any =
      std::any_of(rows.tasks.begin(), rows.tasks.end(), [](const auto& t) { return t.has_value(); });
  if (!rows.tasks.empty() && (any || !is_for_people(format))) {
    table.columns.push_back({"task"});
    for (std::size_t i = 0; i < rows.tasks.size(); ++i)
      table.rows[i].emplace_back(rows.tasks[i] ? rows.tasks[i]->text : "");
  }
  return render(table, format);
}

std::string summary_text(const StatusRows& rows, const std::string& format, std::size_t lines) {
  const std::size_t room = std::max<std::size_t>(lines, kAround + 4) - kAround;
  std::vector<std::size_t> looked_at = to_look_at(rows);
  const std::size_t trials = looked_at.size();
  std::vector<VariantCounts> variants = count_variants(rows);
  // Half of the lines each, or what the other one leaves.
  const std::size_t of_trials = std::min(trials, std::max(room / 2, room - std::min(room, variants.size())));
  looked_at.resize(of_trials);
  const std::string left_out = shorten(variants, room - of_trials);
  std::string text;
  if (!variants.empty()) text += render(variant_table(variants), format);
  text += left_out;
  if (!looked_at.empty()) text += '\n' + list_text(keep(rows, looked_at), format);
  if (trials > of_trials) text += fmt::format("{} more trials to look at\n", trials - of_trials);
  return text;
}

}  // namespace segbench::cli
