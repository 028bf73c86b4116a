// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/json.h"

// NVIDIA GPUs as their driver tells of them (NVML), without CUDA: both programs ask, one of which has no
// LibTorch.

namespace segbench::core {

/// The driver's library; loaded when it is asked, never linked.
inline constexpr const char* kNvml = "libnvidia-ml.so.1";

/// A GPU, or a part of one (MIG), that a process can be given.
struct Gpu {
  std::string uuid;  ///< "GPU-…" or "MIG-…", as CUDA_VISIBLE_DEVICES takes it
  std::string name;  ///< model
  int index = 0;     ///< of the whole GPU, in the order of the PCI bus
  bool is_part = false;
  std::string compute_mode = "default";                           ///< default | exclusive | prohibited
  std::optional<std::int64_t> total_bytes = {}, free_bytes = {};  ///< memory
  std::optional<int> utilisation = {};  ///< % of the last moments in which it computed
};

/// What a driver has.
struct Gpus {
  std::string driver;  ///< its version; "" when there is none
  std::vector<Gpu> gpus;
};

/// Asks the driver. Nothing where there is none, or where it does not answer.
Gpus read_gpus(const char* library = kNvml);

/// Which of them a process sees that gets this CUDA_VISIBLE_DEVICES ("" for not set: all), in its order: the
/// first one is its cuda:0. A list ends at the first entry that names nothing, as it does for CUDA.
std::vector<Gpu> visible_gpus(const std::vector<Gpu>& gpus, const std::optional<std::string>& visible);

/// What changes while a GPU computes: {"sm_clock_mhz", "most_sm_clock_mhz", "throttled": ["power", …],
/// "memory_errors"}, values that the driver does not tell left out; null when it does not know the GPU.
/// "memory_errors" are those that could not be corrected since the driver was loaded.
Json gpu_state(const std::string& uuid, const char* library = kNvml);

/// Reasons why a GPU computes below its clock that are no wish of anybody: a mask of NVML's bits in words.
std::vector<std::string> throttle_words(std::uint64_t mask);

}  // namespace segbench::core
