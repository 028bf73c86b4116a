// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "harness/core/files.h"
#include "harness/profile/scripts.h"
#include "tests/support/python.h"
#include "tests/support/temporary_folder.h"

namespace segbench::profile {
namespace {

// A PyTorch that is not there, which tells whom it was asked to wait for.
constexpr const char* kFakeTorch = R"(
import sys, types
sys.path.insert(0, sys.argv[1])
import torch_network

class Nothing:
    def __enter__(self): pass
    def __exit__(self, *error): pass

told = []
cuda = types.SimpleNamespace(synchronize=lambda device=None: told.append(device),
                             max_memory_reserved=lambda device=None: told.append(device))
engine = torch_network.TorchEngine.__new__(torch_network.TorchEngine)
engine.torch = types.SimpleNamespace(cuda=cuda, no_grad=Nothing)
engine.device = types.SimpleNamespace(type="cuda", index=1)
engine.network, engine.images = (lambda images: images), 1
engine.step()
engine.device_peak_bytes()
assert told == [engine.device, engine.device], told
)";

TEST(PyTorchAsAnEngine, IsWaitedForOnItsOwnDevice) {
  SEGBENCH_REQUIRE_PYTHON(python, "json");
  const segbench::tests::TemporaryFolder folder;
  for (const auto& [name, text] : engine_scripts())
    core::write_file_atomically(folder / std::string(name), text);
  EXPECT_NO_THROW(segbench::tests::run_python(python, kFakeTorch, folder.path(), {folder.path().string()}));
}

}  // namespace
}  // namespace segbench::profile
