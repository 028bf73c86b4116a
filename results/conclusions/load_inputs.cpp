// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "harness/core/error.h"
#include "harness/core/looks.h"
#include "harness/core/read_end.h"
#include "harness/core/text.h"
#include "harness/text/utf8.h"
#include "results/conclusions/inputs.h"

namespace segbench::conclusions {
namespace {

constexpr std::size_t kLogTailLines = 6;
constexpr std::size_t kLogTailBytes = 4096;

/// The last lines of a log that may be long, or absent.
std::vector<std::string> tail_of(const std::filesystem::path& file) {
  std::vector<std::string> lines = core::split(core::read_end(file, kLogTailBytes), '\n');
  for (std::string& line : lines) line = text::shortened(core::trim(line), 240);
  std::erase(lines, "");
  if (lines.size() > kLogTailLines) lines.erase(lines.begin(), lines.end() - kLogTailLines);
  return lines;
}

bool claims_latency(const core::Json& study) {
  const core::Json claims = study.value("claims", core::Json::array());
  return std::any_of(claims.begin(), claims.end(),
                     [](const core::Json& claim) { return claim.value("measure", "") == "latency"; });
}

[[noreturn]] void refuse_unknown(const store::Store& store, const std::string& study) {
  const std::vector<std::string> names = store.study_names();
  throw core::UserError(fmt::format("unknown study \"{}\"; known studies: {}{}", study,
                                    names.empty() ? "none yet" : fmt::format("{}", fmt::join(names, ", ")),
                                    core::did_you_mean(study, names)));
}

}  // namespace

StudyInputs load_inputs(const store::Store& store, const std::filesystem::path& runs,
                        const std::string& study, Reading reading, const std::string& split) {
  std::optional<store::StudyRecord> known = store.study(study);
  if (!known) refuse_unknown(store, study);
  StudyInputs inputs;
  inputs.study = std::move(*known);
  inputs.reading = reading;
  const bool all = reading == Reading::kAll;
  store::Store::StudyLogs logs;
  const bool is_search = inputs.study.study.contains("search");                  // which judges every epoch
  const bool wants_both = is_search || core::is_sequential(inputs.study.study);  // looks go by the test split
  if (all)
    logs = store.logs(study);
  else
    logs.evaluations = store.scored_evaluations(study, wants_both ? "" : split, is_search);
  for (store::TrialRecord& record : store.trials(study)) {
    TrialInputs trial;
    trial.evaluations = std::move(logs.evaluations[record.trial_id]);
    if (all) {
      trial.epochs = std::move(logs.epochs[record.trial_id]);
      trial.attempts = std::move(logs.attempts[record.trial_id]);
      trial.thresholds = std::move(logs.thresholds[record.trial_id]);
      if (record.status != core::TrialStatus::kComplete)
        trial.log_tail = tail_of(runs / record.folder / core::kWorkerLogFile);
    }
    trial.record = std::move(record);
    inputs.trials.push_back(std::move(trial));
  }
  inputs.warnings = store.warnings(study);
  if (claims_latency(inputs.study.study)) inputs.latencies = store.latencies(study);
  inputs.images = [&store](const std::string& trial_id, const std::string& of_split) {
    return store.images(trial_id, of_split);
  };
  return inputs;
}

std::vector<StudyInputs> load_studies(const store::Store& store, const std::filesystem::path& runs,
                                      const std::vector<std::string>& studies) {
  std::vector<StudyInputs> all;
  for (const std::string& study : studies) {
    all.push_back(load_inputs(store, runs, study));
    if (all.back().latencies.empty()) all.back().latencies = store.latencies(study);
  }
  return all;
}

}  // namespace segbench::conclusions
