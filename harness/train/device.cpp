// SPDX-License-Identifier: MIT
#include "harness/train/device.h"

#include <torch/version.h>

#include <cstdlib>

#include "harness/core/error.h"
#include "harness/train/accelerator.h"

namespace segbench::train {

torch::Device resolve_device(const std::string& text) {
  const torch::Device device = choose_device(text, Accelerator(), {}).device;
  use_precision("float32", device);
  return device;
}

void prefer_determinism() {
  ::setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8", /*overwrite=*/0);  // cuBLAS is only then deterministic
  at::globalContext().setBenchmarkCuDNN(false);
  at::globalContext().setDeterministicCuDNN(true);
  at::globalContext().setDeterministicAlgorithms(true, /*warn_only=*/true);
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 2)
  // Otherwise every new tensor is filled with NaN first, to find code that reads what nobody wrote.
  at::globalContext().setDeterministicFillUninitializedMemory(false);
#endif
}

void use_precision(const std::string& precision, torch::Device device) {
  const bool tf32 = precision == "tf32";
  if (tf32 && device.is_cpu()) {
    throw core::UserError(
        "training.precision is \"tf32\", which a CPU does not have; use \"float32\", \"bfloat16\" or a GPU");
  }
  at::globalContext().setAllowTF32CuDNN(tf32);
  at::globalContext().setAllowTF32CuBLAS(tf32);
}

void synchronise(torch::Device device) {
  if (device.is_cuda()) torch::cuda::synchronize(device.index());
}

}  // namespace segbench::train
