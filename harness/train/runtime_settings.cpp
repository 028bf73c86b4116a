// SPDX-License-Identifier: MIT
#include "harness/train/runtime_settings.h"

#include <ATen/Parallel.h>
#include <dlfcn.h>
#include <malloc.h>
#include <torch/version.h>

#include <algorithm>

#include "harness/core/cpu_limit.h"
#include "harness/core/machine.h"

namespace segbench::train {

core::Json keep_freed_memory() {
  const auto value = [](bool accepted, core::Json setting) { return accepted ? setting : core::Json(); };
  constexpr int kTopPad = 64 << 20;  // bytes that the heap grows by at least
  core::Json settings;
  settings["mmap"] = value(::mallopt(M_MMAP_MAX, 0) == 1, false);
  settings["trim"] = value(::mallopt(M_TRIM_THRESHOLD, -1) == 1, false);
  settings["top_pad_bytes"] = value(::mallopt(M_TOP_PAD, kTopPad) == 1, kTopPad);
  return settings;
}

int set_threads(int threads) {
  int chosen = threads > 0 ? threads : core::usable_cpus();
  // oneDNN waits for all the threads that it asked for, so more than OpenMP gives would wait for ever.
  if (const auto most = core::openmp_thread_limit()) chosen = std::min(chosen, *most);
  at::set_num_interop_threads(1);
  change_threads(chosen);
  return chosen;
}

void change_threads(int threads) {
  at::set_num_threads(threads);
  // OpenBLAS with threads of its own (Debian's LibTorch calls it for matrix products) knows nothing of
  // LibTorch's.
  using SetThreads = void (*)(int);
  if (auto* openblas = reinterpret_cast<SetThreads>(::dlsym(RTLD_DEFAULT, "openblas_set_num_threads"))) {
    openblas(threads);
  }
}

torch::MemoryFormat measured_memory_format(int libtorch_major, bool has_avx512) {
  // oneDNN 2.6 of LibTorch 1.13 is faster contiguous everywhere, that of 2.x is channels-last with AVX-512.
  return libtorch_major >= 2 && has_avx512 ? torch::MemoryFormat::ChannelsLast
                                           : torch::MemoryFormat::Contiguous;
}

torch::MemoryFormat memory_format_on(torch::Device device, const std::string& precision) {
  if (!device.is_cpu())
    return precision == "float32" ? torch::MemoryFormat::Contiguous : torch::MemoryFormat::ChannelsLast;
#if defined(__x86_64__)
  const bool has_avx512 = __builtin_cpu_supports("avx512f") != 0;
#else
  const bool has_avx512 = false;
#endif
  return measured_memory_format(TORCH_VERSION_MAJOR, has_avx512);
}

torch::MemoryFormat memory_format_of(const std::string& name, torch::MemoryFormat fallback) {
  for (const auto format : {torch::MemoryFormat::ChannelsLast, torch::MemoryFormat::Contiguous}) {
    if (name == name_of(format)) return format;
  }
  return fallback;
}

const char* name_of(torch::MemoryFormat format) {
  return format == torch::MemoryFormat::ChannelsLast ? "channels_last" : "contiguous";
}

}  // namespace segbench::train
