// SPDX-License-Identifier: MIT
#include "harness/run/means.h"

#include <algorithm>
#include <cstdlib>

#include "harness/core/machine.h"
#include "harness/run/allocation.h"

namespace segbench::run {
namespace {

template <typename Trial, typename VariantOf>
int fewest(const std::vector<Trial>& trials, const VariantOf& variant_of) {
  int least = 0;
  for (const Trial& trial : trials) {
    const core::VariantConfig& variant = variant_of(trial);
    if (!variant.ensemble.empty()) continue;
    const int processes = processes_of(variant);
    least = least == 0 ? processes : std::min(least, processes);
  }
  return std::max(1, least);
}

}  // namespace

WorkerSettings worker_of(const study::RunSettings& settings) {
  return {.program = find_worker(),
          .device = settings.device,
          .threads = 0,
          .checkpoint_seconds = settings.checkpoint_seconds,
          .without = settings.without,
          .film_strip = settings.film_strip,
          .keep_weights = settings.keep_weights,
          .keep_weights_in = settings.keep_weights_in};
}

std::optional<std::string> visible_here() {
  const char* visible = std::getenv("CUDA_VISIBLE_DEVICES");
  return visible == nullptr ? std::nullopt : std::optional<std::string>(visible);
}

int fewest_processes(const std::vector<PlannedTrial>& trials) {
  return fewest(trials,
                [](const PlannedTrial& trial) -> const core::VariantConfig& { return trial.spec.variant; });
}

int fewest_processes(const std::vector<core::Variant>& variants) {
  return fewest(variants,
                [](const core::Variant& variant) -> const core::VariantConfig& { return variant.config; });
}

int trials_at_once(int slots, int devices, int processes) {
  return std::max(1, slots / std::clamp(processes, 1, std::max(1, devices)));
}

int jobs_of(const study::RunSettings& settings, const std::vector<Place>& places, int processes) {
  int slots = 0;
  for (const Place& place : places) slots += place.jobs;
  return places.empty() ? settings.jobs : trials_at_once(slots, static_cast<int>(places.size()), processes);
}

int jobs_on(const study::RunSettings& settings, int gpus, int cpus, int processes) {
  if (settings.devices.empty())
    return settings.jobs == 0 && gpus > 1 ? trials_at_once(gpus, gpus, processes) : settings.jobs;
  const bool all = settings.devices == std::vector<std::string>{"all"};
  const int devices = all ? std::max(1, gpus) : static_cast<int>(settings.devices.size());
  const int share = std::clamp(cpus / devices, 1, kMostJobsPerDevice);
  const int slots = devices * (settings.jobs_per_device > 0 ? settings.jobs_per_device : share);
  return trials_at_once(slots, devices, processes);
}

std::vector<Place> places_in_job(const study::RunSettings& settings, const std::vector<core::Gpu>& gpus,
                                 const std::optional<std::string>& visible, int jobs, int processes) {
  const std::vector<core::Gpu> known = gpus.empty() && visible ? named_gpus(*visible) : gpus;
  const int cpus = core::usable_cpus();
  if (!settings.devices.empty()) return make_places(settings, known, visible, cpus);
  const int given = visible ? static_cast<int>(core::visible_gpus(known, visible).size()) : 0;
  if (given < 2 || settings.device == "cpu") return {};
  study::RunSettings all = settings;
  all.devices = {"all"};
  const int slots = std::max(1, jobs) * std::clamp(processes, 1, given);
  all.jobs_per_device = (slots + given - 1) / given;
  return make_places(all, known, visible, cpus);
}

std::function<bool(const Place&, std::chrono::duration<double>)> admission(std::int64_t bytes_per_job) {
  return [bytes_per_job](const Place& place, std::chrono::duration<double> since_last_start) {
    return admit(place, bytes_per_job, since_last_start, core::read_gpus().gpus);
  };
}

}  // namespace segbench::run
