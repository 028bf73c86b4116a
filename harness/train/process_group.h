// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "architectures/torch/reducer.h"

namespace segbench::train {

/// A process that trains a trial together with this one has ended or does not answer; what LibTorch said of
/// it.
struct LostProcess {
  std::string message;
  bool was_killed = true;  ///< false: it ended by itself, with an error
};

/// How the tensors of all processes are added up.
enum class Reduction {
  kFlat,    ///< as Gloo does it: the same on every run of the same number of processes
  kOrdered  ///< in the order of their ranks, of which tests know the result
};

/// The processes of one trial, connected by Gloo through the loopback interface. Rank 0 leads. All calls but
/// rank() and size() must be made by all of them in the same order; they throw LostProcess.
class ProcessGroup : public architectures::Reducer {
 public:
  /// Whether this worker was built with Gloo's headers.
  static bool is_built();
  /// Waits for all `size` processes to meet in the file `meeting`, which must not exist before the first of
  /// them. Throws core::UserError where the worker was built without Gloo.
  static std::unique_ptr<ProcessGroup> join(const std::filesystem::path& meeting, int rank, int size,
                                            Reduction reduction);

  virtual int rank() const = 0;
  virtual int size() const = 0;
  /// That of rank 0 becomes everyone's.
  virtual void broadcast(torch::Tensor& tensor) = 0;
  /// The text of rank 0.
  virtual std::string broadcast(const std::string& text) = 0;
  /// Spent in sums so far, seconds.
  virtual double seconds() const = 0;
};

}  // namespace segbench::train
