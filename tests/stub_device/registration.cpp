// SPDX-License-Identifier: MIT
#include <ATen/NativeFunctions.h>
#include <torch/library.h>

#include "tests/stub_device/operations.h"
#include "tests/support/stub_graph.h"

// What LibTorch has to know of the stub device.

namespace segbench::tests::stub {

C10_REGISTER_GUARD_IMPL(SEGBENCH_STUB, GuardImpl)

TORCH_LIBRARY_IMPL(aten, SEGBENCH_STUB, m) {
  m.impl("empty.memory_format", TORCH_FN(empty));
  m.impl("empty_strided", TORCH_FN(empty_strided));
  m.impl("_copy_from", TORCH_FN(copy_from));
  m.impl("_local_scalar_dense", TORCH_FN(local_scalar_dense));
  m.impl("convolution_overrideable", TORCH_FN(convolution));
  m.impl("convolution_backward_overrideable", TORCH_FN(convolution_backward));
  m.impl("resize_", TORCH_FN(resize));
  m.impl("_has_compatible_shallow_copy_type", TORCH_FN(can_take_the_place));
  m.impl("as_strided", TORCH_FN(at::native::as_strided_tensorimpl));
  m.impl("view", TORCH_FN(at::native::view));
  m.impl("_reshape_alias", TORCH_FN(at::native::_reshape_alias));
}

TORCH_LIBRARY_IMPL(_, SEGBENCH_STUB, m) {
  m.fallback(torch::CppFunction::makeFromBoxedFunction<&fall_back>());
}

}  // namespace segbench::tests::stub

#ifdef SEGBENCH_STUB_GRAPHS
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/detail/PrivateUse1HooksInterface.h>

namespace segbench::tests::stub {
namespace {

/// What LibTorch asks of a device of others before autograd uses its streams.
struct Hooks final : at::PrivateUse1HooksInterface {
  bool isBuilt() const override { return true; }
  bool isAvailable() const override { return true; }
  bool hasPrimaryContext(c10::DeviceIndex) const override { return true; }
  c10::DeviceIndex deviceCount() const override { return 1; }
  c10::DeviceIndex getCurrentDevice() const override { return 0; }
  const at::Generator& getDefaultGenerator(c10::DeviceIndex) const override {
    return at::detail::getDefaultCPUGenerator();
  }
};

const bool kRegistered = [] {
  static Hooks hooks;
  c10::register_privateuse1_backend("privateuseone");
  at::RegisterPrivateUse1HooksInterface(&hooks);
  return true;
}();

}  // namespace
}  // namespace segbench::tests::stub

namespace at {
REGISTER_GRAPH_IMPL(PRIVATEUSEONE, segbench::tests::stub::Graph)  // the device's name
}  // namespace at
#endif
