// SPDX-License-Identifier: MIT
#include "tests/support/stub_device.h"
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
  m.impl("as_strided", TORCH_FN(at::native::as_strided_tensorimpl));
  m.impl("view", TORCH_FN(at::native::view));
  m.impl("_reshape_alias", TORCH_FN(at::native::_reshape_alias));
}

TORCH_LIBRARY_IMPL(_, SEGBENCH_STUB, m) {
  m.fallback(torch::CppFunction::makeFromBoxedFunction<&fall_back>());
}

}  // namespace segbench::tests::stub

#ifdef SEGBENCH_STUB_GRAPHS
namespace at {
// Under LibTorch's name for a device that has told it none.
REGISTER_GRAPH_IMPL(PRIVATEUSEONE, segbench::tests::stub::Graph)
}  // namespace at
#endif
