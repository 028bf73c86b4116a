// SPDX-License-Identifier: MIT
#include "harness/train/device.h"

#include <fmt/format.h>
#include <torch/version.h>

#include <cstdlib>

#include "harness/core/error.h"
#include "harness/core/text.h"

namespace segbench::train {

torch::Device resolve_device(const std::string& text) {
  if (text == "cpu") return torch::kCPU;
  const auto gpus = static_cast<int>(torch::cuda::device_count());
  if (text == "auto") return gpus > 0 ? torch::Device(torch::kCUDA, 0) : torch::Device(torch::kCPU);
  if (text == "cuda") return resolve_device("cuda:0");
  constexpr std::string_view kPrefix = "cuda:";
  const std::string number = text.rfind(kPrefix, 0) == 0 ? text.substr(kPrefix.size()) : "";
  if (number.empty() || number.size() > 3 || number.find_first_not_of("0123456789") != std::string::npos) {
    throw core::UserError(
        fmt::format("--device: unknown device \"{}\"; known devices: auto, cpu, cuda, cuda:N{}", text,
                    core::did_you_mean(text, {"auto", "cpu", "cuda"})));
  }
  const int index = std::stoi(number);
  if (index >= gpus) {
    throw core::UserError(
        fmt::format("--device is \"{}\", but LibTorch finds {} GPU{}", text, gpus, gpus == 1 ? "" : "s"));
  }
  return {torch::kCUDA, static_cast<torch::DeviceIndex>(index)};
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

void synchronise(torch::Device device) {
  if (device.is_cuda()) torch::cuda::synchronize(device.index());
}

}  // namespace segbench::train
