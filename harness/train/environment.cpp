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
#include "harness/core/machine.h"
#include "harness/core/text.h"
#include "harness/core/version.h"
#include "harness/train/blas.h"
#include "harness/train/runtime_settings.h"
#ifdef SEGBENCH_WITH_CUDA
#include <c10/cuda/CUDACachingAllocator.h>
#endif

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

/// Models of the GPUs as the driver names them, in no particular order of devices.
Json gpu_models() {
  Json models = Json::array();
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/driver/nvidia/gpus", ignored)) {
    const std::string model = value_in_file(entry.path() / "information", "Model");
    if (!model.empty()) models.push_back(model);
  }
  return models;
}

/// The instruction set that LibTorch's own kernels use: "AVX512", "AVX2", "DEFAULT" or "NO AVX".
std::string cpu_capability() {
  const std::string config = at::show_config();
  constexpr std::string_view kKey = "CPU capability usage: ";
  const std::size_t begin = config.find(kKey);
  if (begin == std::string::npos) return "";
  return config.substr(begin + kKey.size(), config.find('\n', begin) - begin - kKey.size());
}

Json gpu_facts(torch::Device device) {
  if (!device.is_cuda()) return {{"gpu", nullptr}, {"gpu_driver", nullptr}, {"gpu_libraries", nullptr}};
  const auto& hooks = at::detail::getCUDAHooks();
  return {{"gpu", gpu_models()},
          {"gpu_driver", value_in_file("/proc/driver/nvidia/version", "NVRM version")},
          {"gpu_libraries", telling_lines(hooks.showConfig(), {"CUDA Runtime", "CuDNN", "Magma"})}};
}

/// Which operations LibTorch cannot run so that they repeat to the bit, on this device.
Json determinism(torch::Device device) {
  if (device.is_cpu()) return {{"grade", "bitwise"}, {"prevented_by", Json::array()}};
  return {{"grade", "seeded"},
          {"prevented_by",
           {"adaptive_avg_pool2d backward", "upsample_bilinear2d backward", "upsample_nearest2d backward"}}};
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
                {"determinism", determinism(device)},
                {"host", core::host_name()},
                {"system", core::system_name()}};
  facts.update(to_json(loaded_blas()));
  facts.update(gpu_facts(device));
  return facts;
}

std::int64_t peak_memory_bytes(torch::Device device) {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  std::int64_t bytes = std::int64_t{usage.ru_maxrss} * 1024;
#ifdef SEGBENCH_WITH_CUDA
  if (device.is_cuda()) {
    const auto stats = c10::cuda::CUDACachingAllocator::getDeviceStats(device.index());
    bytes += stats.reserved_bytes[0].peak;  // [0]: over all pools
  }
#else
  (void)device;
#endif
  return bytes;
}

}  // namespace segbench::train
