// SPDX-License-Identifier: MIT
#include "harness/train/levers.h"

#include <ATen/Parallel.h>
#include <dlfcn.h>
#include <malloc.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

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

int usable_cpus() {
  int cpus = static_cast<int>(::sysconf(_SC_NPROCESSORS_ONLN));
  cpu_set_t set;
  CPU_ZERO(&set);
  if (::sched_getaffinity(0, sizeof set, &set) == 0) cpus = CPU_COUNT(&set);
  double quota = 0, period = 0;
  std::ifstream limit("/sys/fs/cgroup/cpu.max");  // "200000 100000" is two CPUs, "max 100000" no limit
  if (limit >> quota >> period && quota > 0 && period > 0)
    cpus = std::min(cpus, static_cast<int>(quota / period));
  return std::max(cpus, 1);
}

int set_threads(int threads) {
  const int chosen = threads > 0 ? threads : usable_cpus();
  at::set_num_threads(chosen);
  at::set_num_interop_threads(1);
  // OpenBLAS with threads of its own (Debian's LibTorch calls it for matrix products) knows nothing of
  // LibTorch's.
  using SetThreads = void (*)(int);
  if (auto* openblas = reinterpret_cast<SetThreads>(::dlsym(RTLD_DEFAULT, "openblas_set_num_threads"))) {
    openblas(chosen);
  }
  return chosen;
}

}  // namespace segbench::train
