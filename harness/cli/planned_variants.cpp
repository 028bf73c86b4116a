// SPDX-License-Identifier: MIT
#include "harness/cli/planned_variants.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <tuple>

#include "architectures/networks/network.h"
#include "harness/core/ensemble.h"
#include "harness/core/gpu.h"
#include "harness/core/machine.h"
#include "harness/run/means.h"
#include "harness/run/runs_folder.h"
#include "harness/run/worker.h"

namespace segbench::cli {
namespace {

/// Sizes of the data of every variant; those with equal [data] are looked at once.
class DataBook {
 public:
  const run::DataSizes& sizes_of(const core::VariantConfig& config) {
    const std::string key = to_json(config).at("data").dump();
    const auto found = sizes_.find(key);
    return found != sizes_.end() ? found->second
                                 : sizes_.emplace(key, run::measure_data(config.data)).first->second;
  }

 private:
  std::map<std::string, run::DataSizes> sizes_;
};

/// GPUs that this process may use.
std::vector<core::Gpu> gpus_here() {
  const char* visible = std::getenv("CUDA_VISIBLE_DEVICES");
  return core::visible_gpus(core::read_gpus().gpus,
                            visible == nullptr ? std::nullopt : std::optional<std::string>(visible));
}

/// The model of the GPU that a study's trials run on here; "": a CPU. With "auto" that is a GPU where one is
/// there and trials have run on it before, since a worker that is built for CPUs leaves it alone.
std::string gpu_model_here(const study::RunSettings& run, const KnownStates& states) {
  if (run.device == "cpu" && run.devices.empty()) return "";
  const std::vector<core::Gpu> gpus = gpus_here();
  if (gpus.empty()) return "";
  const bool asked = run.device != "auto" || !run.devices.empty();
  const bool used = std::any_of(states.begin(), states.end(),
                                [&](const auto& known) { return known.second.gpu == gpus.front().name; });
  return asked || used ? gpus.front().name : "";
}

/// A GPU tells nothing of the times of a CPU, nor of another model's.
run::TimeModel learn_times(const std::vector<PlannedVariant>& variants, const KnownStates& states,
                           Hosts hosts, const std::string& gpu) {
  run::TimeModel model;
  for (const auto& [key, state] : states) {
    const bool usable = state.status == core::TrialStatus::kComplete && state.seconds && *state.seconds > 0 &&
                        (hosts == Hosts::kAny || (state.host == core::host_name() && state.gpu == gpu));
    if (!usable) continue;
    std::optional<double> macs;
    for (const PlannedVariant& row : variants) {
      const bool is_trained = row.variant->config.ensemble.empty();
      if (is_trained && row.variant->id == key.first) macs = row.macs;
    }
    model.add(key.first, *state.seconds, macs);
  }
  return model;
}

/// An ensemble is its members together, and sees the images of final evaluations alone.
void add_members(PlannedVariant& row, const std::vector<PlannedVariant>& rows) {
  const core::VariantConfig& config = row.variant->config;
  row.network = {};
  for (const PlannedVariant& member : rows) {
    if (std::find(config.ensemble.begin(), config.ensemble.end(), member.variant->id) ==
        config.ensemble.end())
      continue;
    row.is_known = row.is_known && member.is_known;
    row.network.trainable += config.ensemble_seeds * member.network.trainable;
    row.network.non_trainable += config.ensemble_seeds * member.network.non_trainable;
    row.network.macs += config.ensemble_seeds * member.network.macs;
    row.network.peak_values = std::max(row.network.peak_values, member.network.peak_values);
  }
  row.macs =
      static_cast<double>(row.sizes.selection + row.sizes.test) * static_cast<double>(row.network.macs);
}

/// 0 where that is left to this machine.
int jobs_at_once(const study::RunSettings& run, int processes) {
  if (run.devices.empty()) return run.jobs;
  const bool all = run.devices == std::vector<std::string>{"all"};
  const auto devices = static_cast<int>(all ? gpus_here().size() : run.devices.size());
  return run::trials_at_once(devices * std::max(1, run.jobs_per_device), devices, processes);
}

}  // namespace

KnownStates known_states(const Context& context, const std::string& study) {
  KnownStates states;
  const auto studies = run::studies_under(context.runs);
  if (std::find(studies.begin(), studies.end(), study) == studies.end()) return states;
  for (const run::ListedTrial& trial : run::list_trials(context.runs, study)) {
    states[{trial.variant_id, trial.seed}] = trial::read_trial_standing(trial.folder);
  }
  return states;
}

std::int64_t largest_bytes(const std::vector<PlannedVariant>& rows) {
  std::int64_t bytes = 0;
  for (const PlannedVariant& row : rows) {
    const core::VariantConfig& config = row.variant->config;
    bytes = std::max(bytes, run::training_bytes(config, row.network) + run::library_bytes(config));
  }
  return bytes;
}

run::Allocation allocation_of(const study::Study& study, const std::vector<PlannedVariant>& rows) {
  const int processes = run::fewest_processes(study.variants);
  return run::allocate(jobs_at_once(study.run, processes), study.run.threads,
                       run::this_machine(study.run.device), study.variants.size() * study.seeds.size(),
                       largest_bytes(rows), processes);
}

std::vector<PlannedVariant> plan_variants(const study::Study& study, const KnownStates& states,
                                          const WantedSeeds& wanted, Hosts hosts) {
  DataBook book;
  std::vector<PlannedVariant> rows;
  for (const core::Variant& variant : study.variants) {
    PlannedVariant row{.variant = &variant, .sizes = book.sizes_of(variant.config), .network = {}};
    row.is_known = !architectures::is_read_from_file(variant.config.model.architecture);
    if (!row.is_known)
      run::probe_network(run::find_worker(), variant.config, row.sizes.height, row.sizes.width,
                         row.sizes.classes, row.sizes.train);
    if (row.is_known) row.network = run::summarise_variant(variant.config, row.sizes);
    row.macs = run::trial_macs(variant.config.training, row.sizes, static_cast<double>(row.network.macs));
    for (const std::uint64_t seed : core::seeds_of(variant.config.ensemble_seeds, study.seeds)) {
      if (!is_wanted(wanted, study, variant.id, seed)) continue;
      const auto found = states.find({variant.id, seed});
      const auto status = found == states.end() ? core::TrialStatus::kPending : found->second.status;
      if (status == core::TrialStatus::kComplete)
        ++row.complete;
      else if (status == core::TrialStatus::kFailed)
        ++row.failed;
      else
        ++row.to_run;
    }
    rows.push_back(std::move(row));
  }
  for (PlannedVariant& row : rows) {
    if (!row.variant->config.ensemble.empty()) add_members(row, rows);
  }
  const run::TimeModel times = learn_times(rows, states, hosts, gpu_model_here(study.run, states));
  const run::Allocation allocation = allocation_of(study, rows);
  for (PlannedVariant& row : rows) {
    std::tie(row.seconds, row.source) = times.seconds_of(row.variant->id, row.macs, allocation.threads);
    if (row.is_known || row.source == run::TimeSource::kSameVariant) continue;
    row.seconds = 0;
    row.has_time = false;
  }
  return rows;
}

}  // namespace segbench::cli
