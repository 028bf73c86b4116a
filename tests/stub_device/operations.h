// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/EmptyTensor.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <torch/library.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/stub_device.h"

// What the stub device computes, for the one file that tells LibTorch of it (registration.cpp).

namespace segbench::tests::stub {

/// The same tensor without a share in its memory: once that is given back, it cannot be used.
inline at::Tensor borrowed(const at::Tensor& tensor) {
  if (!is_here(tensor)) return tensor;
  c10::Storage storage(c10::Storage::use_byte_size_t(), tensor.storage().nbytes(),
                       c10::DataPtr(tensor.storage().data_ptr().get(), kDevice), nullptr, false);
  at::Tensor same = at::detail::make_tensor<c10::TensorImpl>(
      std::move(storage), c10::DispatchKeySet(c10::DispatchKey::SEGBENCH_STUB), tensor.dtype());
  same.unsafeGetTensorImpl()->set_storage_offset(tensor.storage_offset());
  same.unsafeGetTensorImpl()->set_sizes_and_strides(tensor.sizes(), tensor.strides());
  return same;
}

inline at::Tensor kept(at::Tensor fresh) {
  if (recording() == nullptr) return fresh;
  TORCH_CHECK(record().recording_failure.empty(), record().recording_failure);
  recording()->memory.push_back(fresh);
  return fresh;
}
inline at::Tensor empty(at::IntArrayRef size, c10::optional<at::ScalarType> type, c10::optional<at::Layout>,
                        c10::optional<at::Device>, c10::optional<bool>,
                        c10::optional<at::MemoryFormat> format) {
  operate();
  return kept(at::detail::empty_generic(size, allocator(),
                                        c10::DispatchKeySet(c10::DispatchKey::SEGBENCH_STUB),
                                        type.value_or(at::kFloat), format));
}
inline at::Tensor empty_strided(at::IntArrayRef size, at::IntArrayRef stride,
                                c10::optional<at::ScalarType> type, c10::optional<at::Layout>,
                                c10::optional<at::Device>, c10::optional<bool>) {
  operate();
  return kept(at::detail::empty_strided_generic(size, stride, allocator(),
                                                c10::DispatchKeySet(c10::DispatchKey::SEGBENCH_STUB),
                                                type.value_or(at::kFloat)));
}

using Tensors = std::vector<at::Tensor>;

/// Memory of the device for a result that the CPU gave, with the result unless it is only recorded.
inline at::Tensor to_device(const at::Tensor& any) {
  if (!any.defined()) return any;
  const at::Tensor tensor = any.is_non_overlapping_and_dense() ? any : any.contiguous();
  at::Tensor copy = empty_strided(tensor.sizes(), tensor.strides(), tensor.scalar_type(), {}, {}, {});
  if (recording() == nullptr) write(tensor, copy);
  return copy;
}

/// New tensors of the device: what `compute` makes of copies of others. Undefined ones stay so.
inline Tensors computed(const Tensors& inputs, const std::function<Tensors(const Tensors&)>& compute) {
  const auto on_copies = [compute](const Tensors& from) {
    Tensors copies;
    for (const at::Tensor& tensor : from) copies.push_back(on_host(tensor));
    return compute(copies);
  };
  Tensors outputs, from, to;
  for (const at::Tensor& result : on_copies(inputs)) outputs.push_back(to_device(result));
  if (recording() == nullptr) return outputs;
  for (const at::Tensor& tensor : inputs) from.push_back(borrowed(tensor));
  for (const at::Tensor& tensor : outputs) to.push_back(borrowed(tensor));
  recording()->work.emplace_back([on_copies, from, to] {
    const Tensors results = on_copies(from);
    for (std::size_t i = 0; i < to.size(); ++i) {
      if (to[i].defined()) write(results[i], to[i]);
    }
  });
  return outputs;
}

inline at::Tensor copy_from(const at::Tensor& self, const at::Tensor& to, bool) {
  operate();
  if (is_here(self) != is_here(to)) leave_device();
  if (is_here(self) && !is_here(to)) ++record().to_host;
  if (!is_here(self) && is_here(to)) ++record().to_device;
  if (recording() != nullptr) {
    recording()->work.emplace_back(
        [from = borrowed(self), over = borrowed(to)] { write(on_host(from), over); });
    return to;
  }
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

/// Whether a parameter may become a tensor of another device, as modules do that move there.
inline bool can_take_the_place(const at::Tensor&, const at::Tensor&) {
  return true;
}

inline at::Scalar local_scalar_dense(const at::Tensor& self) {
  operate();
  leave_device();
  ++record().to_host;
  return on_host(self).item();
}

/// The same tensor where that changes nothing.
inline at::Tensor scaled(const at::Tensor& x, double times) {
  return times == 1 || !x.defined() ? x : x * times;
}

inline at::Tensor convolution(const at::Tensor& input, const at::Tensor& weight,
                              const c10::optional<at::Tensor>& bias, at::IntArrayRef stride,
                              at::IntArrayRef padding, at::IntArrayRef dilation, bool transposed,
                              at::IntArrayRef output_padding, std::int64_t groups) {
  operate();
  const auto compute = [=, stride = stride.vec(), padding = padding.vec(), dilation = dilation.vec(),
                        output_padding = output_padding.vec()](const Tensors& on) -> Tensors {
    const auto bias_of = on[2].defined() ? c10::optional<at::Tensor>(on[2]) : c10::nullopt;
    return {scaled(
        at::convolution(on[0], on[1], bias_of, stride, padding, dilation, transposed, output_padding, groups),
        record().convolution_times)};
  };
  return computed({input, weight, bias.value_or(at::Tensor())}, compute)[0];
}
inline std::tuple<at::Tensor, at::Tensor, at::Tensor> convolution_backward(
    const at::Tensor& gradient, const at::Tensor& input, const at::Tensor& weight, at::IntArrayRef stride,
    at::IntArrayRef padding, at::IntArrayRef dilation, bool transposed, at::IntArrayRef output_padding,
    std::int64_t groups, std::array<bool, 3> mask) {
  operate();
  const std::vector<std::int64_t> channels{weight.size(transposed ? 1 : 0) * (transposed ? groups : 1)};
  const auto compute = [=, stride = stride.vec(), padding = padding.vec(), dilation = dilation.vec(),
                        output_padding = output_padding.vec()](const Tensors& on) -> Tensors {
    const auto found = at::convolution_backward(on[0], on[1], on[2], channels, stride, padding, dilation,
                                                transposed, output_padding, groups, mask);
    const double times = record().gradient_times;
    return {scaled(std::get<0>(found), times), scaled(std::get<1>(found), times),
            scaled(std::get<2>(found), times)};
  };
  const Tensors found = computed({gradient, input, weight}, compute);
  return {found[0], found[1], found[2]};
}

/// A value with what `change` makes of each tensor in it.
inline c10::IValue with_tensors(const c10::IValue& value,
                                const std::function<at::Tensor(const at::Tensor&)>& change) {
  if (value.isTensor()) return change(value.toTensor());
  if (value.isTensorList()) {
    Tensors list;
    for (const at::Tensor& tensor : value.toTensorVector()) list.push_back(change(tensor));
    return list;
  }
  if (value.isOptionalTensorList()) {
    c10::List<c10::optional<at::Tensor>> list;
    for (const c10::optional<at::Tensor>& tensor : value.toOptionalTensorVector())
      list.push_back(tensor ? c10::optional<at::Tensor>(change(*tensor)) : c10::nullopt);
    return list;
  }
  return value;
}

/// An operation on copies of its arguments, on the CPU.
struct OnCopies {
  struct Written {
    at::Tensor original, copy;
  };
  std::vector<c10::IValue> results;
  std::vector<Written> written;  ///< arguments that it wrote

  OnCopies(const c10::OperatorHandle& op, const std::vector<c10::IValue>& arguments) {
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      const bool is_written = writes(op.schema(), i);
      results.push_back(with_tensors(arguments[i], [&](const at::Tensor& tensor) {
        const at::Tensor copy = on_host(tensor);
        if (is_written && is_here(tensor)) written.push_back({tensor, copy});
        return copy;
      }));
      if (results.back().isDevice()) results.back() = c10::Device(c10::kCPU);
    }
    op.callBoxed(&results);
  }
  /// The argument that a result is; null: none.
  const Written* argument_behind(const at::Tensor& result) const {
    for (const Written& argument : written) {
      if (result.is_same(argument.copy)) return &argument;
    }
    return nullptr;
  }
  void write_back() const {
    for (const Written& argument : written) write(argument.copy, argument.original);
  }

 private:
  static bool writes(const c10::FunctionSchema& schema, std::size_t number) {
    const c10::Argument& argument = schema.arguments()[number];
    // Batch normalisation writes its moving statistics without saying so.
    const bool is_statistic = argument.name().starts_with("running_") && schema.returns().size() == 3 &&
                              schema.name().find("backward") == std::string::npos;
    return is_statistic || (argument.alias_info() != nullptr && argument.alias_info()->isWrite());
  }
};

/// Records an operation whose results have their memory.
inline void record_call(const c10::OperatorHandle& op, const std::vector<c10::IValue>& arguments,
                        const std::vector<c10::IValue>& results) {
  std::vector<c10::IValue> from;
  for (const c10::IValue& value : arguments) from.push_back(with_tensors(value, borrowed));
  Tensors places;
  for (const c10::IValue& value : results)
    with_tensors(value, [&](const at::Tensor& tensor) { return places.emplace_back(borrowed(tensor)); });
  recording()->work.emplace_back([op, from, places] {
    const OnCopies again(op, from);
    again.write_back();
    std::size_t next = 0;
    for (const c10::IValue& value : again.results) {
      with_tensors(value, [&](const at::Tensor& result) {
        const at::Tensor& place = places[next++];
        if (result.defined() && again.argument_behind(result) == nullptr) write(result, place);
        return result;
      });
    }
  });
}

/// Any other operation: on copies of its arguments, of which those that it writes are written back.
inline void fall_back(const c10::OperatorHandle& op, torch::jit::Stack* stack) {
  operate();
  const auto begin = stack->end() - static_cast<std::ptrdiff_t>(op.schema().arguments().size());
  const std::vector<c10::IValue> arguments(begin, stack->end());
  stack->erase(begin, stack->end());
  const OnCopies done(op, arguments);
  for (const OnCopies::Written& argument : done.written) {
    if (argument.original.sizes() != argument.copy.sizes())
      at::Tensor(argument.original).resize_(argument.copy.sizes());
  }
  std::vector<c10::IValue> results;
  for (const c10::IValue& value : done.results) {
    results.push_back(with_tensors(value, [&](const at::Tensor& result) {
      const OnCopies::Written* argument = done.argument_behind(result);
      return argument != nullptr ? argument->original : to_device(result);
    }));
  }
  if (recording() == nullptr)
    done.write_back();
  else
    record_call(op, arguments, results);
  stack->insert(stack->end(), results.begin(), results.end());
}

struct GuardImpl final : public c10::impl::DeviceGuardImplInterface {
  c10::DeviceType type() const override { return c10::DeviceType::SEGBENCH_STUB; }
  c10::Device exchangeDevice(c10::Device) const override { return kDevice; }
  c10::Device getDevice() const override { return kDevice; }
  void setDevice(c10::Device) const override {}
  void uncheckedSetDevice(c10::Device) const noexcept override {}
  c10::Stream getStream(c10::Device) const noexcept override { return current_stream(); }
  c10::Stream getStreamFromGlobalPool(c10::Device, bool) const override {
    return c10::Stream(c10::Stream::UNSAFE, kDevice, 1);
  }
  c10::Stream getDefaultStream(c10::Device device) const override {
    return c10::Stream(c10::Stream::DEFAULT, device);
  }
  c10::Stream exchangeStream(c10::Stream stream) const noexcept override {
    return std::exchange(current_stream(), stream);
  }
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
