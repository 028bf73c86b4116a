// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "harness/train/meeting.h"
#include "harness/train/process_group.h"

namespace segbench::train {

/// Processes that add up in shared memory. Tensors of a device go through the memory of the host.
class SharedGroup : public ProcessGroup {
 public:
  /// Waits for the others.
  explicit SharedGroup(Meeting meeting);

  int rank() const override { return meeting_.rank(); }
  int size() const override { return meeting_.size(); }
  double seconds() const override { return seconds_; }
  std::string way() const override { return "shared memory"; }
  using ProcessGroup::sum;
  void sum(const std::vector<torch::Tensor>& tensors) override;
  void broadcast(torch::Tensor& tensor) override;
  std::string broadcast(const std::string& text) override;

 private:
  /// A part of a tensor, in its own memory and in a slot.
  struct Part {
    std::byte* data;
    std::int64_t count;
    torch::ScalarType type;
    std::size_t offset;
  };

  void sum_on_host(const std::vector<torch::Tensor>& tensors);
  void sum_piece(const std::vector<Part>& piece, std::size_t bytes);
  void add_parts(const std::vector<Part>& piece, bool of_my_share);
  void broadcast_bytes(std::byte* data, std::size_t bytes);

  Meeting meeting_;
  double seconds_ = 0;
};

}  // namespace segbench::train
