// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "harness/trial/standing.h"

namespace segbench::trial {

/// Where a trial stands (trial/standing.h), and how far it is.
struct TrialState : TrialStanding {
  std::optional<std::int64_t> epoch = {};  ///< last one that was trained to its end
  std::optional<double> loss = {};         ///< of that epoch; empty when it was not finite
  std::optional<std::int64_t> selected_epoch = {};
  std::string selection_metric = {};  ///< "" before the first selection
  std::optional<double> selection_value = {};
};

/// Whether a trial stopped behind an epoch because it was told to (--pause-after): interrupted, by its
/// worker's own word.
bool is_paused(core::TrialStatus status, std::string_view message);

/// The status in a word: "paused" of the draw of a search that waits, which is no interruption.
std::string_view status_word(const TrialStanding& standing);

/// How many trials stand how: the paused ones are not among the interrupted ones.
struct StatusCounts {
  std::map<std::string_view, std::size_t> by_word;  ///< status_word()

  void add(const TrialStanding& standing) { ++by_word[status_word(standing)]; }
  std::size_t of(std::string_view word) const;
  std::size_t of(core::TrialStatus status) const { return of(core::to_string(status)); }
};

/// The standing with epoch, loss and selection. Parses four lines of events.jsonl, so that thousands of
/// trials can be listed at once.
TrialState read_trial_progress(const std::filesystem::path& trial_folder);

/// The whole lines of an event log before the first image of a final evaluation: thousands of lines may
/// follow.
std::string_view training_part(std::string_view log);

}  // namespace segbench::trial
