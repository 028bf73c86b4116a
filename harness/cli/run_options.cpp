// SPDX-License-Identifier: MIT
#include "harness/cli/run_options.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "harness/cli/selection.h"
#include "harness/core/error.h"
#include "harness/core/machine.h"
#include "harness/run/weights_check.h"

namespace segbench::cli {
namespace {

bool begins_with_any(const std::string& label, const std::vector<std::string>& beginnings) {
  return beginnings.empty() || std::any_of(beginnings.begin(), beginnings.end(),
                                           [&](const std::string& text) { return label.starts_with(text); });
}

std::string quoted(const std::string& word) {
  constexpr const char* kHarmless =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+./:=,@%";
  if (!word.empty() && word.find_first_not_of(kHarmless) == std::string::npos) return word;
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? "'\\''" : std::string(1, c);
  return text + "'";
}

}  // namespace

std::string check_device(const std::string& device) {
  const bool numbered = device.starts_with("cuda:") && device.size() > 5 &&
                        device.find_first_not_of("0123456789", 5) == std::string::npos;
  if (numbered || device == "auto" || device == "cpu" || device == "cuda") return "";
  return fmt::format("unknown device \"{}\"; known devices: auto, cpu, cuda, cuda:N", device);
}

std::string check_seed(const std::string& seed) {
  const bool fine =
      !seed.empty() && seed.size() < 20 && seed.find_first_not_of("0123456789") == std::string::npos;
  return fine ? "" : fmt::format("unusable seed {}; seeds are whole numbers from 0, such as 1,2", seed);
}

study::Study load_for_run(const RunOptions& options) {
  study::Study study = study::load_study(options.study, options.overrides);
  for (const std::string& line : run::check_weights(study)) {
    if (!options.quiet) note(line);
  }
  study::RunSettings& run = study.run;
  if (options.jobs > 0) run.jobs = options.jobs;
  if (!options.device.empty()) run.device = options.device, run.devices.clear();
  if (options.threads > 0) run.threads = options.threads;
  return study;
}

void check_selection(const study::Study& study, const RunOptions& options) {
  std::vector<std::string> labels;
  for (const core::Variant& variant : study.variants) labels.push_back(variant.label);
  std::vector<core::Problem> problems;
  for (const std::string& beginning : options.only) {
    if (std::any_of(labels.begin(), labels.end(),
                    [&](const auto& label) { return label.starts_with(beginning); })) {
      continue;
    }
    problems.push_back({.file = {},
                        .line = 0,
                        .column = 0,
                        .message = fmt::format("--only: no variant begins with \"{}\"; there are: {}",
                                               beginning, fmt::join(labels, "; "))});
  }
  for (const std::uint64_t seed : options.seeds) {
    if (std::find(study.seeds.begin(), study.seeds.end(), seed) != study.seeds.end()) continue;
    problems.push_back(
        {.file = {},
         .line = 0,
         .column = 0,
         .message = fmt::format("--seeds: {} is not a seed of the study; its seeds: {} (trials.seeds)", seed,
                                fmt::join(study.seeds, ", "))});
  }
  if (!problems.empty()) throw core::UserError(std::move(problems));
}

std::vector<run::PlannedTrial> select_trials(const study::Study& study, const run::StudyPlan& plan,
                                             const RunOptions& options) {
  check_selection(study, options);
  std::vector<run::PlannedTrial> selected;
  for (const run::PlannedTrial& trial : plan.trials) {
    const bool seed_fits = options.seeds.empty() || std::find(options.seeds.begin(), options.seeds.end(),
                                                              trial.spec.seed) != options.seeds.end();
    if (seed_fits && begins_with_any(trial.spec.variant_label, options.only)) selected.push_back(trial);
  }
  return selected;
}

std::string command_line(const RunOptions& options) {
  const std::filesystem::path file = options.study;
  std::string text = "segbench run " + quoted(file.is_absolute() ? file.filename().string() : file.string());
  for (const std::string& setting : options.overrides) text += " --set " + quoted(setting);
  return text;
}

}  // namespace segbench::cli
