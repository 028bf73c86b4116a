// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

namespace segbench::architectures {

/// LibTorch's autocast to a type on a device, for as long as it lives and for this thread.
class Autocast {
 public:
  Autocast(torch::Device device, torch::ScalarType type);
  Autocast(const Autocast&) = delete;
  Autocast& operator=(const Autocast&) = delete;
  ~Autocast();

 private:
  void set(bool enabled, torch::ScalarType type) const;

  torch::Device device_;
  bool was_enabled_;
  torch::ScalarType type_before_;
};

}  // namespace segbench::architectures
