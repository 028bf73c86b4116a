// SPDX-License-Identifier: MIT
#include "harness/cli/trial_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <thread>

#include "harness/cli/terminal.h"
#include "harness/core/machine.h"
#include "harness/core/optional_json.h"
#include "harness/core/text.h"
#include "harness/text/utf8.h"

namespace segbench::cli {
namespace {

using core::Json;

constexpr std::size_t kBlock = 64;  ///< trials that a thread takes at once
constexpr std::size_t kMessageWidth = 60;

Json epoch_cell(const run::ListedTrial& trial, const trial::TrialState& state, bool for_people) {
  if (!for_people) return core::or_null(state.epoch);
  return state.epoch ? Json(fmt::format("{}/{}", *state.epoch, trial.epochs)) : Json();
}

/// The message in a line, with files by their names alone: the cause stands at its end.
std::string one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  std::string short_text;
  for (const std::string& word : core::split(text, ' ')) {
    const std::size_t slash = word.rfind('/', word.size() < 2 ? 0 : word.size() - 2);
    const bool is_path =
        slash != std::string::npos && slash > 0 && std::count(word.begin(), word.end(), '/') > 1;
    short_text += (short_text.empty() ? "" : " ") + (is_path ? "…" + word.substr(slash) : word);
  }
  return text::shorten_middle(short_text, kMessageWidth);
}

/// What `read` says of each trial's folder, by several threads.
template <typename Found>
std::vector<Found> read_all(const std::vector<run::ListedTrial>& trials,
                            Found (*read)(const std::filesystem::path&)) {
  std::vector<Found> found(trials.size());
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t begin; (begin = next.fetch_add(kBlock)) < trials.size();) {
      for (std::size_t i = begin; i < std::min(begin + kBlock, trials.size()); ++i)
        found[i] = read(trials[i].folder);
    }
  };
  std::vector<std::jthread> threads;
  const std::size_t wanted =
      std::min<std::size_t>(static_cast<std::size_t>(core::usable_cpus()), trials.size() / kBlock);
  for (std::size_t i = 1; i < wanted; ++i) threads.emplace_back(work);
  work();
  threads.clear();  // joins
  return found;
}

}  // namespace

std::vector<trial::TrialState> read_states(const std::vector<run::ListedTrial>& trials) {
  return read_all<trial::TrialState>(trials, trial::read_trial_progress);
}

std::vector<trial::TrialStanding> read_standings(const std::vector<run::ListedTrial>& trials) {
  return read_all<trial::TrialStanding>(trials, trial::read_trial_standing);
}

Table trial_table(const std::vector<run::ListedTrial>& trials, const std::vector<trial::TrialState>& states,
                  const std::string& format) {
  const bool for_people = format == "table" || format == "md";
  Table table;
  table.columns = {{"variant"},
                   number_column("seed", 0),
                   {"status"},
                   {"reason"},
                   number_column("epoch", 0),
                   number_column("loss", 4),
                   {"selection_metric"},
                   number_column("value", 4),
                   number_column(for_people ? "elapsed" : "seconds", 1),
                   {"trial"},
                   {"message"}};
  if (!for_people) table.columns.insert(table.columns.begin() + 5, number_column("epochs", 0));
  table.keys = 2;
  for (std::size_t i = 0; i < trials.size(); ++i) {
    const run::ListedTrial& trial = trials[i];
    const trial::TrialState& state = states[i];
    const Json elapsed = !state.seconds ? Json()
                         : for_people
                             ? Json(core::human_duration(std::chrono::duration<double>(*state.seconds)))
                             : Json(*state.seconds);
    std::vector<Cell> row = {trial.variant_label,
                             trial.seed,
                             trial::status_word(state),
                             to_string(state.reason),
                             epoch_cell(trial, state, for_people),
                             core::or_null(state.loss),
                             state.selection_metric,
                             core::or_null(state.selection_value),
                             elapsed,
                             trial.trial_id,
                             for_people ? one_line(state.message) : state.message};
    if (!for_people) row.insert(row.begin() + 5, trial.epochs);
    table.rows.push_back(std::move(row));
  }
  return table;
}

std::string count_states(const std::vector<trial::TrialState>& states) {
  std::array<std::size_t, 5> counts{};
  std::size_t paused = 0;
  for (const trial::TrialState& state : states) {
    if (trial::is_paused(state.status, state.message))
      ++paused;
    else
      ++counts.at(static_cast<std::size_t>(state.status));
  }
  std::string text = fmt::format("{} trial{}", states.size(), states.size() == 1 ? "" : "s");
  const char* separator = ": ";
  for (const auto status :
       {core::TrialStatus::kComplete, core::TrialStatus::kRunning, core::TrialStatus::kFailed,
        core::TrialStatus::kInterrupted, core::TrialStatus::kPending}) {
    const std::size_t count = counts.at(static_cast<std::size_t>(status));
    if (count == 0) continue;
    text += fmt::format("{}{} {}", separator, count, to_string(status));
    separator = ", ";
  }
  if (paused > 0) text += fmt::format("{}{} paused", separator, paused);
  return text;
}

}  // namespace segbench::cli
