// SPDX-License-Identifier: MIT
#include "harness/cli/run_notes.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <utility>

#include "harness/cli/selection.h"
#include "harness/core/warning_kinds.h"
#include "harness/text/numbers.h"

namespace segbench::cli {

void tell_agenda(const run::Agenda& agenda, const study::Study& study, const run::Allocation& allocation,
                 std::size_t other_threads, const std::string& device, bool quiet) {
  if (other_threads > 0)
    note(fmt::format(
        "{} trial{} began with another number of threads than the {} asked for: rounding will differ from "
        "an uninterrupted training",
        other_threads, other_threads == 1 ? "" : "s", allocation.threads));
  if (agenda.failed > 0) {
    note(fmt::format("{} failed trial{} left alone; --retry-failed tries again", agenda.failed,
                     agenda.failed == 1 ? " is" : "s are"));
  }
  if (agenda.diverged > 0) {
    note(fmt::format(
        "{} diverged trial{} left alone: the same trial diverges again; change what it computes, for example "
        "the learning rate",
        agenda.diverged, agenda.diverged == 1 ? " is" : "s are"));
  }
  if (quiet) return;
  fmt::print(stderr, "{}: {} trial{} to run, {} complete; {} at once, {} thread{} each, device {}\n",
             study.name, agenda.jobs.size(), agenda.jobs.size() == 1 ? "" : "s", agenda.complete.size(),
             std::min<std::size_t>(static_cast<std::size_t>(allocation.jobs), agenda.jobs.size()),
             allocation.threads, allocation.threads == 1 ? "" : "s", device);
}

void tell_sharing(const run::Agenda& agenda, std::size_t gpus) {
  int most = 1;
  for (const run::Job& job : agenda.jobs) most = std::max(most, job.resources.processes);
  if (gpus > 0 && static_cast<std::size_t>(most) > gpus)
    fmt::print(stderr, "warning: {}\n",
               to_text(core::make_warning(
                   "shared_gpus", {{"processes", std::to_string(most)}, {"gpus", std::to_string(gpus)}})));
}

void tell(const std::vector<run::StudyWarning>& warnings) {
  std::vector<std::pair<std::string, std::vector<std::string>>> lines;  // what is said, of which variants
  for (const run::StudyWarning& entry : warnings) {
    const std::string text = to_text(entry.warning);
    auto line = std::ranges::find(lines, text, [](const auto& known) { return known.first; });
    if (line == lines.end()) line = lines.insert(lines.end(), {text, {}});
    if (!entry.label.empty()) line->second.push_back(entry.label);
  }
  for (const auto& [text, labels] : lines)
    fmt::print(stderr, "warning: {}{}{}\n", text::few_of(labels), labels.empty() ? "" : ": ", text);
}

}  // namespace segbench::cli
