// SPDX-License-Identifier: MIT
#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "architectures/torch/reducer.h"
#include "harness/core/trial.h"
#include "harness/train/shared_memory.h"

namespace segbench::train {

/// A process that trains a trial together with this one has ended or does not answer. An exception of the
/// standard library's kind, since LibTorch hands on only those from the threads of a backward pass.
struct LostProcess : std::exception {
  explicit LostProcess(std::string text, core::FailureReason why = core::FailureReason::kNone)
      : message(std::move(text)), reason(why) {}
  const char* what() const noexcept override { return message.c_str(); }

  std::string message;
  core::FailureReason reason;  ///< why it ended by itself; none: it was killed
};

/// The processes of one trial. Rank 0 leads. All calls but rank(), size(), seconds() and way() must be made
/// by all of them in the same order; they throw LostProcess. Sums on the CPU are taken in the order of the
/// ranks.
class ProcessGroup : public architectures::Reducer {
 public:
  virtual int rank() const = 0;
  virtual int size() const = 0;
  void sum(torch::Tensor& tensor) override { sum(std::vector<torch::Tensor>{tensor}); }
  /// Those at the same place of the list are added up, in place, float32 or float64. As one message, which
  /// costs one meeting where all of them are small.
  virtual void sum(const std::vector<torch::Tensor>& tensors) = 0;
  /// That of rank 0 becomes everyone's.
  virtual void broadcast(torch::Tensor& tensor) = 0;
  /// The text of rank 0.
  virtual std::string broadcast(const std::string& text) = 0;
  /// Spent in sums so far, waiting for the others included, seconds. On a GPU that does not wait: in handing
  /// them over.
  virtual double seconds() const = 0;
  /// By which way sums travel: "shared memory", …
  virtual std::string way() const = 0;
  /// Waits for sums that a GPU is still at. Throws LostProcess where one was broken off.
  virtual void settle() {}
};

/// A process's way into its group.
struct GroupEntry {
  int rank = 0;
  torch::Device device = torch::kCPU;
  /// "flat": a GPU's sums may be taken in the order that NCCL prefers; "ordered": always in that of the
  /// ranks.
  std::string reduce = "flat";
  /// Whether the others still live; called while waiting for them, throws LostProcess. Empty: not looked.
  std::function<void()> look = {};
};

/// Waits for all processes to meet in a memory that Meeting::memory_for made. Throws what `look` does.
std::unique_ptr<ProcessGroup> join(SharedMemory memory, const GroupEntry& entry);

}  // namespace segbench::train
