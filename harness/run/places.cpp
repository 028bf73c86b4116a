// SPDX-License-Identifier: MIT
#include "harness/run/places.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "harness/core/error.h"
#include "harness/core/text.h"

namespace segbench::run {
namespace {

constexpr int kMostUtilisation = 90;
constexpr std::chrono::seconds kSettling{20};

std::string name_of(const core::Gpu& gpu, std::size_t number) {
  return fmt::format("cuda:{} ({})", number, gpu.name);
}

Place place_of(const core::Gpu& gpu, std::size_t number) {
  return {.name = name_of(gpu, number), .device = "cuda:0", .visible = gpu.uuid, .is_part = gpu.is_part};
}

[[noreturn]] void refuse(const std::string& device, const std::vector<core::Gpu>& seen) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < seen.size(); ++i) names.push_back(name_of(seen[i], i));
  throw core::UserError(fmt::format("run.devices: there is no \"{}\"; there {}", device,
                                    names.empty() ? "is no GPU that the NVIDIA driver tells of"
                                                  : fmt::format("are {}", fmt::join(names, ", "))),
                        core::kNoDevice);
}

Place find_place(const std::string& device, const std::vector<core::Gpu>& seen) {
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const bool is_number = device == fmt::format("cuda:{}", i) || (i == 0 && device == "cuda");
    if (is_number || seen[i].uuid == device) return place_of(seen[i], i);
  }
  refuse(device, seen);
}

}  // namespace

std::vector<Place> make_places(const study::RunSettings& settings, const std::vector<core::Gpu>& gpus,
                               const std::optional<std::string>& visible, int cpus) {
  std::vector<Place> places;
  const std::vector<core::Gpu> seen = core::visible_gpus(gpus, visible);
  const bool all = settings.devices == std::vector<std::string>{"all"};
  for (std::size_t i = 0; all && i < seen.size(); ++i) {
    if (seen[i].compute_mode != "prohibited") places.push_back(place_of(seen[i], i));
  }
  if (all && places.empty()) refuse("all", seen);
  for (const std::string& device : all ? std::vector<std::string>() : settings.devices) {
    Place place = find_place(device, seen);
    const bool is_twice = std::any_of(places.begin(), places.end(),
                                      [&](const Place& other) { return other.visible == place.visible; });
    if (is_twice)
      throw core::UserError(fmt::format(
          "run.devices names {} twice; run.jobs_per_device runs several trials on one", place.name));
    places.push_back(std::move(place));
  }
  for (Place& place : places) {
    const auto gpu =
        std::find_if(seen.begin(), seen.end(), [&](const core::Gpu& g) { return g.uuid == place.visible; });
    const int share = std::max(1, cpus / static_cast<int>(places.size()));
    place.is_asked = settings.jobs_per_device == 0;
    place.jobs = place.is_asked ? std::min(kMostJobsPerDevice, share) : settings.jobs_per_device;
    if (gpu->compute_mode == "exclusive") place.jobs = 1;  // its driver lets in one process
  }
  return places;
}

std::vector<core::Gpu> named_gpus(const std::string& visible) {
  std::vector<core::Gpu> gpus;
  for (const std::string& word : core::split(visible, ',')) {
    const std::string entry(core::trim(word));
    if (entry.empty()) break;
    const bool is_number = entry.find_first_not_of("0123456789") == std::string::npos && entry.size() < 5;
    gpus.push_back({.uuid = entry,
                    .name = is_number ? "GPU " + entry : entry,
                    .index = is_number ? std::stoi(entry) : -1,
                    .is_part = entry.starts_with("MIG-")});
  }
  return gpus;
}

bool has_room(const core::Gpu& gpu, std::int64_t bytes_per_job,
              std::chrono::duration<double> since_last_start) {
  if (since_last_start < kSettling || !gpu.free_bytes) return false;
  if (gpu.utilisation && *gpu.utilisation > kMostUtilisation) return false;
  return *gpu.free_bytes >= bytes_per_job + bytes_per_job / 2;
}

bool admit(const Place& place, std::int64_t bytes_per_job, std::chrono::duration<double> since_last_start,
           const std::vector<core::Gpu>& gpus) {
  return std::any_of(gpus.begin(), gpus.end(), [&](const core::Gpu& gpu) {
    return gpu.uuid == place.visible && has_room(gpu, bytes_per_job, since_last_start);
  });
}

}  // namespace segbench::run
