// SPDX-License-Identifier: MIT
#include "harness/run/means.h"

#include <algorithm>
#include <cstdlib>

#include "harness/core/machine.h"

namespace segbench::run {

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

int jobs_of(const study::RunSettings& settings, const std::vector<Place>& places) {
  int jobs = 0;
  for (const Place& place : places) jobs += place.jobs;
  return places.empty() ? settings.jobs : jobs;
}

int jobs_on(const study::RunSettings& settings, int gpus, int cpus) {
  if (settings.devices.empty()) return settings.jobs == 0 && gpus > 1 ? gpus : settings.jobs;
  const bool all = settings.devices == std::vector<std::string>{"all"};
  const int devices = all ? std::max(1, gpus) : static_cast<int>(settings.devices.size());
  const int share = std::clamp(cpus / devices, 1, kMostJobsPerDevice);
  return devices * (settings.jobs_per_device > 0 ? settings.jobs_per_device : share);
}

std::vector<Place> places_in_job(const study::RunSettings& settings, const std::vector<core::Gpu>& gpus,
                                 const std::optional<std::string>& visible, int jobs) {
  const std::vector<core::Gpu> known = gpus.empty() && visible ? named_gpus(*visible) : gpus;
  const int cpus = core::usable_cpus();
  if (!settings.devices.empty()) return make_places(settings, known, visible, cpus);
  const int given = visible ? static_cast<int>(core::visible_gpus(known, visible).size()) : 0;
  if (given < 2 || settings.device == "cpu") return {};
  study::RunSettings all = settings;
  all.devices = {"all"};
  all.jobs_per_device = (std::max(1, jobs) + given - 1) / given;
  std::vector<Place> places = make_places(all, known, visible, cpus);
  if (static_cast<std::size_t>(jobs) < places.size())
    places.resize(static_cast<std::size_t>(std::max(1, jobs)));
  return places;
}

std::function<bool(const Place&, std::chrono::duration<double>)> admission(std::int64_t bytes_per_job) {
  return [bytes_per_job](const Place& place, std::chrono::duration<double> since_last_start) {
    return admit(place, bytes_per_job, since_last_start, core::read_gpus().gpus);
  };
}

}  // namespace segbench::run
