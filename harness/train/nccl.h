// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

#include <array>
#include <atomic>
#include <memory>
#include <string>
#include <vector>

namespace segbench::train {

/// What the processes of a communicator know it by.
using NcclId = std::array<char, 128>;

/// NVIDIA's library for sums over several GPUs, loaded when it is needed; nothing of it is needed to build.
class Nccl {
 public:
  /// The first of these files that is one; null where none is. Sums are made to repeat, unless the user's
  /// environment says otherwise: by rings of fixed number (NCCL_ALGO, NCCL_PROTO, NCCL_MIN_NCHANNELS,
  /// NCCL_MAX_NCHANNELS).
  static std::shared_ptr<const Nccl> load(const std::vector<std::string>& files);
  Nccl(const Nccl&) = delete;
  Nccl& operator=(const Nccl&) = delete;
  ~Nccl();

  /// "NCCL 2.27.3, Ring, Simple, 8 to 8 channels".
  std::string description() const;
  NcclId new_id() const;

  /// Calls a function that answers with a status. Throws std::runtime_error with NCCL's words.
  template <typename... Arguments>
  void call(const char* name, Arguments... arguments) const;

 private:
  explicit Nccl(void* handle) : handle_(handle) {}
  void* function(const char* name) const;
  [[noreturn]] void fail(const char* name, int status) const;

  void* handle_;
};

/// Where NCCL may lie: where the loader looks (LibTorch has loaded it, or it is installed), beside LibTorch's
/// own libraries, and where pip puts it beside PyTorch.
std::vector<std::string> nccl_files();

/// This process's end of a communicator. What is called on tensors is put on the current stream of their
/// device, in place; they lie without gaps, and on one device.
class NcclCommunicator {
 public:
  /// Waits for all processes; each is on a device of its own, which is current.
  NcclCommunicator(std::shared_ptr<const Nccl> nccl, const NcclId& id, int rank, int size);
  NcclCommunicator(const NcclCommunicator&) = delete;
  NcclCommunicator& operator=(const NcclCommunicator&) = delete;
  ~NcclCommunicator();

  void sum(const std::vector<torch::Tensor>& tensors);
  void broadcast(const torch::Tensor& tensor);
  /// Ends what is under way; from any thread. Nothing can be called after it.
  void abort();

 private:
  std::shared_ptr<const Nccl> nccl_;
  void* communicator_ = nullptr;
  std::atomic<bool> is_aborted_{false};
};

}  // namespace segbench::train
