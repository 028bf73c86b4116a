// SPDX-License-Identifier: MIT
#pragma once

#include <c10/core/Stream.h>
#include <sys/mman.h>
#include <torch/torch.h>
#include <torch/version.h>

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

// A device without hardware, which tests/stub_device/registration.cpp tells LibTorch of. Its memory cannot be
// touched but by its own operations (tests/stub_device/operations.h): a host pointer into it ends the process
// with SIGSEGV. An operation is computed on the CPU from copies that do not count; every other copy between
// host and device does. While operations are recorded (stub_graph.h), no result is stored, and nothing may
// pass between host and device.

// Its kind is the one that LibTorch keeps for devices of others; before LibTorch 2 no module can be moved to
// that, so it is one of which a LibTorch for CPUs knows nothing but the name.
#if TORCH_VERSION_MAJOR >= 2
#define SEGBENCH_STUB PrivateUse1
#else
#define SEGBENCH_STUB XPU
#endif

namespace segbench::tests::stub {

/// What happened, and what is to happen.
struct Record {
  std::atomic<int> to_host{0}, to_device{0}, operations{0};
  std::atomic<int> fails_at{-1};  ///< the operation from which on each one throws `failure`; -1: none
  std::string failure;
  /// What a convolution gives, and what its gradients are, times this: a device that computes wrongly.
  std::atomic<double> convolution_times{1}, gradient_times{1};
  std::atomic<int> recordings{0}, replays{0};
  std::string recording_failure;  ///< what the first operation throws that is recorded; "": none does
};
inline Record& record() {
  static Record all;
  return all;
}

/// Operations that are recorded instead of computed.
struct Recording {
  std::vector<std::function<void()>> work;
  std::vector<at::Tensor> memory;  ///< what they took stays theirs
};
/// The one that is under way; null: none.
inline Recording*& recording() {
  static Recording* current = nullptr;
  return current;
}

inline const c10::Device kDevice(c10::DeviceType::SEGBENCH_STUB, 0);

/// Counts an operation. Once the device has failed it stays so, as CUDA does.
inline void operate() {
  Record& all = record();
  const int number = all.operations++;
  TORCH_CHECK(all.fails_at < 0 || number < all.fails_at, all.failure);
}
/// Before something passes between host and device.
inline void leave_device() {
  TORCH_CHECK(recording() == nullptr, "operation not permitted when stream is capturing");
}

/// Memory that is closed but while somebody has it open.
class Memory {
 public:
  static Memory& instance() {
    static Memory memory;
    return memory;
  }
  void* allocate(std::size_t bytes) {
    if (bytes == 0) return nullptr;
    void* block = ::mmap(nullptr, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    TORCH_CHECK(block != MAP_FAILED, "the stub device has no memory left");
    const std::lock_guard lock(mutex_);
    blocks_[block] = {bytes, 0};
    return block;
  }
  void release(void* block) {
    if (block == nullptr) return;
    const std::lock_guard lock(mutex_);
    ::munmap(block, blocks_.at(block).bytes);
    blocks_.erase(block);
  }
  void open(void* block, int by) {
    if (block == nullptr) return;
    const std::lock_guard lock(mutex_);
    Block& found = blocks_.at(block);
    found.users += by;
    ::mprotect(block, found.bytes, found.users > 0 ? PROT_READ | PROT_WRITE : PROT_NONE);
  }

 private:
  struct Block {
    std::size_t bytes;
    int users;
  };
  std::mutex mutex_;
  std::map<void*, Block> blocks_;
};

class StubAllocator final : public c10::Allocator {
 public:
#if TORCH_VERSION_MAJOR >= 2 && TORCH_VERSION_MINOR >= 3
  c10::DataPtr allocate(std::size_t bytes) override {
    return make(bytes);
  }
  void copy_data(void*, const void*, std::size_t) const override {
    TORCH_CHECK(false, "not on the stub device");
  }
#elif TORCH_VERSION_MAJOR >= 2
  c10::DataPtr allocate(std::size_t bytes) const override {
    return make(bytes);
  }
#else
  c10::DataPtr allocate(std::size_t bytes) const override {
    return make(bytes);
  }
#endif
  c10::DeleterFnPtr raw_deleter() const override {
    return &drop;
  }

 private:
  static void drop(void* block) {
    Memory::instance().release(block);
  }
  static c10::DataPtr make(std::size_t bytes) {
    void* block = Memory::instance().allocate(bytes);
    return {block, block, &drop, kDevice};
  }
};
inline StubAllocator* allocator() {
  static StubAllocator all;
  return &all;
}

/// A tensor of the device as one of the CPU on the same memory, for as long as it lives.
class Opened {
 public:
  explicit Opened(const at::Tensor& tensor) : block_(tensor.storage().data_ptr().get()) {
    Memory::instance().open(block_, 1);
    auto* data =
        static_cast<char*>(block_) + tensor.storage_offset() * static_cast<std::int64_t>(tensor.itemsize());
    view = at::from_blob(data, tensor.sizes(), tensor.strides(), tensor.options().device(c10::kCPU));
  }
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;
  ~Opened() {
    view = at::Tensor();
    Memory::instance().open(block_, -1);
  }
  at::Tensor view;

 private:
  void* block_;
};

inline bool is_here(const at::Tensor& tensor) {
  return tensor.defined() && tensor.device().type() == c10::DeviceType::SEGBENCH_STUB;
}

/// A copy on the CPU that does not count.
inline at::Tensor on_host(const at::Tensor& tensor) {
  if (!is_here(tensor)) return tensor;
  if (tensor.numel() == 0) return at::empty(tensor.sizes(), tensor.options().device(c10::kCPU));
  const Opened opened(tensor);
  return opened.view.clone();
}
/// Writes a tensor of the CPU over one of the device, which does not count either.
inline void write(const at::Tensor& from, const at::Tensor& to) {
  if (to.numel() == 0) return;
  const Opened opened(to);
  at::Tensor(opened.view).copy_(from);
}

/// The current one of this thread. What is called on any computes at once; the default one cannot record.
inline c10::Stream& current_stream() {
  thread_local c10::Stream stream(c10::Stream::DEFAULT, kDevice);
  return stream;
}

}  // namespace segbench::tests::stub
