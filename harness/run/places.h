// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/core/gpu.h"
#include "harness/study/study.h"

namespace segbench::run {

/// Jobs at once that "auto" gives a device at most: beyond that small networks gain nothing more.
inline constexpr int kMostJobsPerDevice = 8;

/// Where jobs run: a device, and how many at once there. A worker sees the GPUs of its places alone.
struct Place {
  std::string name;          ///< for people: "cuda:1 (NVIDIA H100)"
  std::string device;        ///< what a worker is told; "": what it was told anyway
  std::string visible = {};  ///< CUDA_VISIBLE_DEVICES of its worker; "": as it is
  int jobs = 1;              ///< at once, at most
  bool is_asked = false;     ///< whether a further job beside others has to be admitted
  bool is_part = false;      ///< of a GPU (MIG), of which CUDA shows a process one only
};

/// The places that run.devices asks for, each with run.jobs_per_device jobs at once; empty where it asks for
/// none. `gpus` are those that the driver tells of, `visible` is CUDA_VISIBLE_DEVICES. Jobs of "auto" are as
/// many as there are CPUs for (at most 8 a device), admitted by admit(). Throws core::UserError for a device
/// that is not there.
std::vector<Place> make_places(const study::RunSettings& settings, const std::vector<core::Gpu>& gpus,
                               const std::optional<std::string>& visible, int cpus);

/// The GPUs that a CUDA_VISIBLE_DEVICES names, for where no driver tells of any: what a batch system gave is
/// taken on its word.
std::vector<core::Gpu> named_gpus(const std::string& visible);

/// Whether a GPU has room for one more job of so many bytes beside those that run on it: memory by half
/// again, and a tenth of its time. Those that started less than 20 seconds ago do not show yet.
bool has_room(const core::Gpu& gpu, std::int64_t bytes_per_job,
              std::chrono::duration<double> since_last_start);

/// has_room() of the GPU of a place, as the driver tells of it now; without one, no.
bool admit(const Place& place, std::int64_t bytes_per_job, std::chrono::duration<double> since_last_start,
           const std::vector<core::Gpu>& gpus);

}  // namespace segbench::run
