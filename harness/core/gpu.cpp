// SPDX-License-Identifier: MIT
#include "harness/core/gpu.h"

#include <dlfcn.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "harness/core/text.h"

// The functions and numbers are those of NVIDIA's NVML API Reference; its header is not needed for so few.

namespace segbench::core {
namespace {

using Handle = void*;
struct Memory {
  unsigned long long total, free, used;
};
struct Utilisation {
  unsigned gpu, memory;
};
constexpr int kOk = 0;
constexpr int kSmClock = 1;           ///< NVML_CLOCK_SM
constexpr int kUncorrected = 1;       ///< NVML_MEMORY_ERROR_TYPE_UNCORRECTED
constexpr int kSinceDriverLoads = 0;  ///< NVML_VOLATILE_ECC
constexpr unsigned kMostParts = 16;

/// The library, loaded and initialised for as long as it lives.
class Nvml {
 public:
  explicit Nvml(const char* library) : handle_(::dlopen(library, RTLD_NOW | RTLD_LOCAL)) {
    ready_ = call("nvmlInit_v2");
  }
  Nvml(const Nvml&) = delete;
  Nvml& operator=(const Nvml&) = delete;
  ~Nvml() {
    if (ready_) call("nvmlShutdown");
    if (handle_ != nullptr) ::dlclose(handle_);
  }
  bool ready() const { return ready_; }

  /// Calls a function that answers with a status; false when it is not there or does not succeed.
  template <typename... Arguments>
  bool call(const char* name, Arguments... arguments) const {
    if (handle_ == nullptr) return false;
    auto* function = reinterpret_cast<int (*)(Arguments...)>(::dlsym(handle_, name));
    return function != nullptr && function(arguments...) == kOk;
  }
  std::string text(const char* name, Handle device) const {
    std::array<char, 128> buffer{};
    return call(name, device, buffer.data(), static_cast<unsigned>(buffer.size())) ? buffer.data() : "";
  }

 private:
  void* handle_;
  bool ready_ = false;
};

std::string mode_word(int mode) {
  if (mode == 2) return "prohibited";
  return mode == 1 || mode == 3 ? "exclusive" : "default";
}

/// What both a GPU and a part of one tell.
Gpu describe(const Nvml& nvml, Handle device, int index) {
  Gpu gpu{.uuid = nvml.text("nvmlDeviceGetUUID", device),
          .name = nvml.text("nvmlDeviceGetName", device),
          .index = index,
          .total_bytes = {},
          .free_bytes = {},
          .utilisation = {}};
  Memory memory{};
  if (nvml.call("nvmlDeviceGetMemoryInfo", device, &memory)) {
    gpu.total_bytes = static_cast<std::int64_t>(memory.total);
    gpu.free_bytes = static_cast<std::int64_t>(memory.free);
  }
  Utilisation used{};
  if (nvml.call("nvmlDeviceGetUtilizationRates", device, &used)) gpu.utilisation = static_cast<int>(used.gpu);
  int mode = 0;
  if (nvml.call("nvmlDeviceGetComputeMode", device, &mode)) gpu.compute_mode = mode_word(mode);
  return gpu;
}

/// The parts of a GPU that is divided; a GPU that is divided cannot be used as a whole.
std::vector<Gpu> parts_of(const Nvml& nvml, Handle device, const Gpu& whole) {
  unsigned now = 0, later = 0;
  std::vector<Gpu> parts;
  if (!nvml.call("nvmlDeviceGetMigMode", device, &now, &later) || now == 0) return parts;
  for (unsigned i = 0; i < kMostParts; ++i) {
    Handle part = nullptr;
    if (!nvml.call("nvmlDeviceGetMigDeviceHandleByIndex", device, i, &part)) continue;
    Gpu& found = parts.emplace_back(describe(nvml, part, whole.index));
    found.is_part = true;
    if (found.name.empty()) found.name = whole.name + " (part)";
  }
  return parts;
}

Handle find_device(const Nvml& nvml, const std::string& uuid) {
  Handle device = nullptr;
  return nvml.ready() && nvml.call("nvmlDeviceGetHandleByUUID", uuid.c_str(), &device) ? device : nullptr;
}

}  // namespace

Gpus read_gpus(const char* library) {
  Gpus found;
  const Nvml nvml(library);
  if (!nvml.ready()) return found;
  std::array<char, 96> version{};
  if (nvml.call("nvmlSystemGetDriverVersion", version.data(), static_cast<unsigned>(version.size())))
    found.driver = version.data();
  unsigned count = 0;
  if (!nvml.call("nvmlDeviceGetCount_v2", &count)) return found;
  for (unsigned i = 0; i < count; ++i) {
    Handle device = nullptr;
    if (!nvml.call("nvmlDeviceGetHandleByIndex_v2", i, &device)) continue;  // one that has fallen off the bus
    const Gpu gpu = describe(nvml, device, static_cast<int>(i));
    const std::vector<Gpu> parts = parts_of(nvml, device, gpu);
    if (parts.empty())
      found.gpus.push_back(gpu);
    else
      found.gpus.insert(found.gpus.end(), parts.begin(), parts.end());
  }
  return found;
}

std::vector<Gpu> visible_gpus(const std::vector<Gpu>& gpus, const std::optional<std::string>& visible) {
  if (!visible) return gpus;
  std::vector<Gpu> seen;
  for (const std::string& word : split(*visible, ',')) {
    const std::string entry(trim(word));
    int number = -1;
    const auto [end, error] = std::from_chars(entry.data(), entry.data() + entry.size(), number);
    const bool is_number = error == std::errc() && end == entry.data() + entry.size();
    const auto found = std::find_if(gpus.begin(), gpus.end(), [&](const Gpu& gpu) {
      return is_number ? gpu.index == number : !entry.empty() && gpu.uuid.starts_with(entry);
    });
    if (found == gpus.end()) break;
    seen.push_back(*found);
  }
  return seen;
}

std::vector<std::string> throttle_words(std::uint64_t mask) {
  constexpr std::array<std::pair<std::uint64_t, const char*>, 5> kWords = {
      {{0x4, "power"},            // NVML_CLOCKS_EVENT_REASON_SW_POWER_CAP
       {0x8, "hardware"},         // … HW_SLOWDOWN
       {0x20, "temperature"},     // … SW_THERMAL_SLOWDOWN
       {0x40, "temperature"},     // … HW_THERMAL_SLOWDOWN
       {0x80, "power supply"}}};  // … HW_POWER_BRAKE_SLOWDOWN
  std::vector<std::string> words;
  for (const auto& [bit, word] : kWords) {
    if ((mask & bit) != 0 && std::find(words.begin(), words.end(), word) == words.end())
      words.emplace_back(word);
  }
  return words;
}

Json gpu_state(const std::string& uuid, const char* library) {
  const Nvml nvml(library);
  const Handle device = find_device(nvml, uuid);
  if (device == nullptr) return nullptr;
  Json state = Json::object();
  unsigned clock = 0;
  if (nvml.call("nvmlDeviceGetClockInfo", device, kSmClock, &clock)) state["sm_clock_mhz"] = clock;
  if (nvml.call("nvmlDeviceGetMaxClockInfo", device, kSmClock, &clock)) state["most_sm_clock_mhz"] = clock;
  unsigned long long mask = 0;
  if (nvml.call("nvmlDeviceGetCurrentClocksThrottleReasons", device, &mask))
    state["throttled"] = throttle_words(mask);
  unsigned long long errors = 0;
  if (nvml.call("nvmlDeviceGetTotalEccErrors", device, kUncorrected, kSinceDriverLoads, &errors))
    state["memory_errors"] = errors;
  return state;
}

}  // namespace segbench::core
