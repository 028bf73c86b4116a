// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

namespace segbench::architectures {

/// Adds up over the processes that train one network together.
class Reducer {
 public:
  Reducer() = default;
  Reducer(const Reducer&) = delete;
  Reducer& operator=(const Reducer&) = delete;
  virtual ~Reducer() = default;

  /// Each process calls it with a tensor of the same shape and type, in the same order of calls; in all of
  /// them it becomes the sum of theirs.
  virtual void sum(torch::Tensor& tensor) = 0;
};

}  // namespace segbench::architectures
