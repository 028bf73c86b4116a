// SPDX-License-Identifier: MIT
#include "harness/train/environment.h"

#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <sys/resource.h>
#include <torch/version.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "harness/core/build_info.h"
#include "harness/core/cpu_limit.h"
#include "harness/core/gpu.h"
#include "harness/core/machine.h"
#include "harness/core/text.h"
#include "harness/core/version.h"
#include "harness/train/blas.h"
#include "harness/train/runtime_settings.h"

namespace segbench::train {
namespace {

using core::Json;

/// What stands behind "key<spaces>:" in a file of such lines, or "".
std::string value_in_file(const std::filesystem::path& file, std::string_view key) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    const std::size_t colon = line.find(':');
    if (colon != std::string::npos && core::trim(line.substr(0, colon)) == key) {
      return std::string(core::trim(std::string_view(line).substr(colon + 1)));
    }
  }
  return "";
}

/// The lines of a description that tell versions and libraries, trimmed.
Json telling_lines(const std::string& text, std::initializer_list<std::string_view> words) {
  Json lines = Json::array();
  for (const std::string& line : core::split(text, '\n')) {
    for (const std::string_view word : words) {
      if (line.find(word) == std::string::npos) continue;
      std::string_view kept = core::trim(line);
      if (kept.rfind("- ", 0) == 0) kept.remove_prefix(2);
      lines.push_back(std::string(kept.substr(0, 160)));
      break;
    }
  }
  return lines;
}

/// The instruction set that LibTorch's own kernels use: "AVX512", "AVX2", "DEFAULT" or "NO AVX".
std::string cpu_capability() {
  const std::string config = at::show_config();
  constexpr std::string_view kKey = "CPU capability usage: ";
  const std::size_t begin = config.find(kKey);
  if (begin == std::string::npos) return "";
  return config.substr(begin + kKey.size(), config.find('\n', begin) - begin - kKey.size());
}

/// What an environment variable says; null when it is not set.
Json variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? Json() : Json(value);
}

Json gpu_facts(torch::Device device) {
  Json facts = {{"gpu", nullptr}, {"gpu_driver", nullptr}, {"gpu_libraries", nullptr}};
  if (!device.is_cuda()) return facts;
  const std::optional<core::Gpu> gpu = gpu_of(device);
  facts["gpu"] = Json::array();
  if (gpu) facts["gpu"].push_back(gpu->name);
  facts["gpu_uuid"] = gpu ? Json(gpu->uuid) : Json();
  facts["gpu_is_part"] = gpu ? Json(gpu->is_part) : Json();
  const std::string driver = core::read_gpus().driver;
  facts["gpu_driver"] =
      driver.empty() ? value_in_file("/proc/driver/nvidia/version", "NVRM version") : driver;
  facts["gpu_libraries"] =
      telling_lines(at::detail::getCUDAHooks().showConfig(), {"CUDA Runtime", "CuDNN", "Magma"});
  for (const auto& [key, name] : {std::pair("visible_gpus", "CUDA_VISIBLE_DEVICES"),
                                  {"gpu_allocator", "PYTORCH_CUDA_ALLOC_CONF"},
                                  {"mps_share", "CUDA_MPS_ACTIVE_THREAD_PERCENTAGE"}})
    facts[key] = variable(name);
  return facts;
}

}  // namespace

Json environment(torch::Device device, int threads, const Json& allocator,
                 torch::MemoryFormat memory_format) {
  const core::CpuLimit cpus = core::usable_cpu_limit();
  const char* spin_count = std::getenv("GOMP_SPINCOUNT");
  Json facts = {{"segbench_version", core::kVersion},
                {"segbench_commit", core::git_commit()},
                {"segbench_dirty", core::git_dirty()},
                {"compiler", core::kCompiler},
                {"build_type", core::kBuildType},
                {"libtorch", TORCH_VERSION},
                {"libtorch_config",
                 telling_lines(at::show_config(), {"DNN v", "Math Kernel", "OpenMP", "CPU capability"})},
                {"device", device.str()},
                {"cpu", value_in_file("/proc/cpuinfo", "model name")},
                {"cpu_capability", cpu_capability()},
                {"threads", threads},
                {"usable_cpus", cpus.cpus},
                {"usable_cpus_by", cpus.reason},
                {"openmp_spin_count", core::Json(spin_count == nullptr ? "" : spin_count)},
                {"interop_threads", at::get_num_interop_threads()},
                {"allocator", allocator},
                {"memory_format", name_of(memory_format)},
                {"precision", "float32"},
                {"determinism", determinism(device, {})},
                {"host", core::host_name()},
                {"system", core::system_name()}};
  facts.update(to_json(loaded_blas()));
  facts.update(gpu_facts(device));
  return facts;
}

Json determinism(torch::Device device, const std::vector<std::string>& unordered) {
  const bool repeats = device.is_cpu() || unordered.empty();
  return {{"grade", repeats ? "bitwise" : "seeded"},
          {"prevented_by", device.is_cpu() ? std::vector<std::string>() : unordered}};
}

std::optional<core::Gpu> gpu_of(torch::Device device) {
  if (!device.is_cuda()) return std::nullopt;
  const char* visible = std::getenv("CUDA_VISIBLE_DEVICES");
  const std::vector<core::Gpu> gpus = core::visible_gpus(
      core::read_gpus().gpus, visible == nullptr ? std::nullopt : std::optional<std::string>(visible));
  const auto index = static_cast<std::size_t>(device.has_index() ? device.index() : 0);
  return index < gpus.size() ? std::optional(gpus[index]) : std::nullopt;
}

std::int64_t peak_memory_bytes() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return std::int64_t{usage.ru_maxrss} * 1024;
}

}  // namespace segbench::train
