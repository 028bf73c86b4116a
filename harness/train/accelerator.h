// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

#include <string>

#include "harness/core/error.h"
#include "harness/core/gpu.h"

namespace segbench::train {

/// What LibTorch can do with GPUs here; replaced in tests.
class Accelerator {
 public:
  virtual ~Accelerator() = default;
  /// This LibTorch was built for GPUs.
  virtual bool is_built() const;
  /// Those that it finds; what it says when it finds none is appended to `words`.
  virtual int count(std::string& words) const;
  /// Runs one operation there and waits for it. Throws what LibTorch throws.
  virtual void try_out(torch::Device device) const;
};

/// A device, and why it is no GPU although one is there.
struct DeviceChoice {
  torch::Device device = torch::kCPU;
  std::string problem = {};  ///< "": a GPU is used, or none is there
};

/// "auto" (the first GPU when there is one that works), "cpu", "cuda" or "cuda:N", tried out. Throws
/// core::UserError for another word, and (exit code core::kNoDevice) for a GPU that is asked for but is not
/// there or does not work.
DeviceChoice choose_device(const std::string& text, const Accelerator& accelerator, const core::Gpus& gpus);

}  // namespace segbench::train
