// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/EmptyTensor.h>
#include <ATen/NativeFunctions.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <sys/mman.h>
#include <torch/library.h>
#include <torch/torch.h>
#include <torch/version.h>

#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <vector>

// A device without hardware, which tests/stub_device/registration.cpp tells LibTorch of. Its memory cannot be
// touched but by its own operations: a host pointer into it ends the process with SIGSEGV. An operation is
// computed on the CPU from copies that do not count; every other copy between host and device does.

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
};
inline Record& record() {
  static Record all;
  return all;
}

inline const c10::Device kDevice(c10::DeviceType::SEGBENCH_STUB, 0);

/// Counts an operation. Once the device has failed it stays so, as CUDA does.
inline void operate() {
  Record& all = record();
  const int number = all.operations++;
  TORCH_CHECK(all.fails_at < 0 || number < all.fails_at, all.failure);
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

inline at::Tensor empty(at::IntArrayRef size, c10::optional<at::ScalarType> type, c10::optional<at::Layout>,
                        c10::optional<at::Device>, c10::optional<bool>,
                        c10::optional<at::MemoryFormat> format) {
  operate();
  return at::detail::empty_generic(size, allocator(), c10::DispatchKeySet(c10::DispatchKey::SEGBENCH_STUB),
                                   type.value_or(at::kFloat), format);
}
inline at::Tensor empty_strided(at::IntArrayRef size, at::IntArrayRef stride,
                                c10::optional<at::ScalarType> type, c10::optional<at::Layout>,
                                c10::optional<at::Device>, c10::optional<bool>) {
  operate();
  return at::detail::empty_strided_generic(size, stride, allocator(),
                                           c10::DispatchKeySet(c10::DispatchKey::SEGBENCH_STUB),
                                           type.value_or(at::kFloat));
}
inline at::Tensor to_device(const at::Tensor& any) {
  const at::Tensor tensor = any.is_non_overlapping_and_dense() ? any : any.contiguous();
  at::Tensor copy = empty_strided(tensor.sizes(), tensor.strides(), tensor.scalar_type(), {}, {}, {});
  write(tensor, copy);
  return copy;
}

inline at::Tensor copy_from(const at::Tensor& self, const at::Tensor& to, bool) {
  operate();
  if (is_here(self) && !is_here(to)) ++record().to_host;
  if (!is_here(self) && is_here(to)) ++record().to_device;
  const at::Tensor host = on_host(self);
  if (is_here(to))
    write(host, to);
  else
    at::Tensor(to).copy_(host);
  return to;
}

/// What it held is lost, which whoever resizes a result does not mind.
inline const at::Tensor& resize(const at::Tensor& self, at::IntArrayRef size,
                                c10::optional<at::MemoryFormat> format) {
  if (self.sizes() == size) return self;
  const at::Tensor fresh = empty(size, self.scalar_type(), {}, {}, {}, format);
  self.unsafeGetTensorImpl()->set_storage_keep_dtype(fresh.storage());
  self.unsafeGetTensorImpl()->set_sizes_and_strides(fresh.sizes(), fresh.strides());
  return self;
}

inline at::Scalar local_scalar_dense(const at::Tensor& self) {
  operate();
  ++record().to_host;
  return on_host(self).item();
}

inline at::Tensor convolution(const at::Tensor& input, const at::Tensor& weight,
                              const c10::optional<at::Tensor>& bias, at::IntArrayRef stride,
                              at::IntArrayRef padding, at::IntArrayRef dilation, bool transposed,
                              at::IntArrayRef output_padding, std::int64_t groups) {
  operate();
  const bool has_bias = bias && bias->defined();
  return to_device(at::convolution(on_host(input), on_host(weight),
                                   has_bias ? c10::optional<at::Tensor>(on_host(*bias)) : c10::nullopt,
                                   stride, padding, dilation, transposed, output_padding, groups) *
                   record().convolution_times.load());
}
inline std::tuple<at::Tensor, at::Tensor, at::Tensor> convolution_backward(
    const at::Tensor& gradient, const at::Tensor& input, const at::Tensor& weight, at::IntArrayRef stride,
    at::IntArrayRef padding, at::IntArrayRef dilation, bool transposed, at::IntArrayRef output_padding,
    std::int64_t groups, std::array<bool, 3> mask) {
  operate();
  const std::int64_t channels = weight.size(transposed ? 1 : 0) * (transposed ? groups : 1);
  const auto found = at::convolution_backward(on_host(gradient), on_host(input), on_host(weight),
                                              std::vector<std::int64_t>{channels}, stride, padding, dilation,
                                              transposed, output_padding, groups, mask);
  const auto back = [](const at::Tensor& tensor) {
    return tensor.defined() ? to_device(tensor * record().gradient_times.load()) : tensor;
  };
  return {back(std::get<0>(found)), back(std::get<1>(found)), back(std::get<2>(found))};
}

/// Any other operation: on copies of its arguments, of which those that it writes are written back.
inline void fall_back(const c10::OperatorHandle& op, torch::jit::Stack* stack) {
  operate();
  const auto& arguments = op.schema().arguments();
  const std::size_t begin = stack->size() - arguments.size();
  struct Pair {
    at::Tensor original, copy;
    bool is_written;
  };
  std::vector<Pair> pairs;
  const auto copied = [&](const at::Tensor& tensor, bool is_written) {
    if (!is_here(tensor)) return tensor;
    pairs.push_back({tensor, on_host(tensor), is_written});
    return pairs.back().copy;
  };
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    c10::IValue& value = (*stack)[begin + i];
    // Batch normalisation writes its moving statistics without saying so.
    const bool is_statistic = arguments[i].name().starts_with("running_") &&
                              op.schema().returns().size() == 3 &&
                              op.schema().name().find("backward") == std::string::npos;
    const bool is_written =
        is_statistic || (arguments[i].alias_info() != nullptr && arguments[i].alias_info()->isWrite());
    if (value.isTensor()) {
      value = copied(value.toTensor(), is_written);
    } else if (value.isTensorList()) {
      std::vector<at::Tensor> list;
      for (const at::Tensor& tensor : value.toTensorVector()) list.push_back(copied(tensor, is_written));
      value = list;
    } else if (value.isOptionalTensorList()) {
      c10::List<c10::optional<at::Tensor>> list;
      for (const c10::optional<at::Tensor>& tensor : value.toOptionalTensorVector())
        list.push_back(tensor ? c10::optional<at::Tensor>(copied(*tensor, false)) : c10::nullopt);
      value = list;
    } else if (value.isDevice()) {
      value = c10::Device(c10::kCPU);
    }
  }
  op.callBoxed(stack);
  for (const Pair& pair : pairs) {
    if (!pair.is_written) continue;
    if (pair.original.sizes() != pair.copy.sizes()) at::Tensor(pair.original).resize_(pair.copy.sizes());
    write(pair.copy, pair.original);
  }
  const auto back = [&](const at::Tensor& tensor) {
    for (const Pair& pair : pairs) {
      if (pair.is_written && tensor.is_same(pair.copy)) return pair.original;
    }
    return tensor.defined() && !is_here(tensor) ? to_device(tensor) : tensor;
  };
  for (std::size_t i = 0; i < op.schema().returns().size(); ++i) {
    c10::IValue& value = (*stack)[stack->size() - op.schema().returns().size() + i];
    if (value.isTensor()) {
      value = back(value.toTensor());
    } else if (value.isTensorList()) {
      std::vector<at::Tensor> list;
      for (const at::Tensor& tensor : value.toTensorVector()) list.push_back(back(tensor));
      value = list;
    }
  }
}

struct GuardImpl final : public c10::impl::DeviceGuardImplInterface {
  c10::DeviceType type() const override { return c10::DeviceType::SEGBENCH_STUB; }
  c10::Device exchangeDevice(c10::Device) const override { return kDevice; }
  c10::Device getDevice() const override { return kDevice; }
  void setDevice(c10::Device) const override {}
  void uncheckedSetDevice(c10::Device) const noexcept override {}
  c10::Stream getStream(c10::Device device) const noexcept override {
    return c10::Stream(c10::Stream::DEFAULT, device);
  }
  c10::Stream getDefaultStream(c10::Device device) const override {
    return c10::Stream(c10::Stream::DEFAULT, device);
  }
  c10::Stream exchangeStream(c10::Stream stream) const noexcept override { return stream; }
  c10::DeviceIndex deviceCount() const noexcept override { return 1; }
  void destroyEvent(void*, const c10::DeviceIndex) const noexcept override {}
  void record(void** event, const c10::Stream&, const c10::DeviceIndex, const c10::EventFlag) const override {
    operate();
    *event = const_cast<c10::Device*>(&kDevice);
  }
  void block(void*, const c10::Stream&) const override {}
  bool queryEvent(void*) const override {
    operate();
    return true;
  }
};

}  // namespace segbench::tests::stub
