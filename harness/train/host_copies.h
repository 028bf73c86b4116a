// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

#include <vector>

namespace segbench::train {

/// The values of tensors as they lie in the memory of the host without gaps: their own memory where it is
/// like that, else copies. Those of a device are fetched type by type, each in one copy through pinned
/// memory.
class HostCopies {
 public:
  explicit HostCopies(const std::vector<torch::Tensor>& tensors);
  /// In the order of the memory, which is the same in all processes for tensors of one shape and format.
  const std::vector<torch::Tensor>& tensors() const { return values_; }
  /// Those that are copies, to where they came from.
  void give_back();

 private:
  void fetch(torch::ScalarType type);

  std::vector<torch::Tensor> originals_, values_;
  struct Fetched {
    std::vector<std::size_t> places;  ///< in originals_
    torch::Tensor on_device, on_host;
  };
  std::vector<Fetched> fetched_;
};

}  // namespace segbench::train
