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

// One that would compute float32 in TF32, as PyTorch does by itself.
constexpr const char* kFakePrecision = R"(
import sys
from unittest import mock
sys.path.insert(0, sys.argv[1])
import torch_network

engine = torch_network.TorchEngine.__new__(torch_network.TorchEngine)
engine.torch, engine.compiled = mock.MagicMock(), False
engine.torch.backends.cudnn.allow_tf32 = True
engine.load({"threads": 1, "device": "cuda:0", "precision": "float32", "memory_format": "contiguous",
             "format": "torchscript", "model": "network.pt"})
assert engine.torch.backends.cudnn.allow_tf32 is engine.torch.backends.cuda.matmul.allow_tf32 is False
)";

void run_beside_engines(const std::string& python, const char* script) {
  const segbench::tests::TemporaryFolder folder;
  for (const auto& [name, text] : engine_scripts())
    core::write_file_atomically(folder / std::string(name), text);
  EXPECT_NO_THROW(segbench::tests::run_python(python, script, folder.path(), {folder.path().string()}));
}

TEST(PyTorchAsAnEngine, IsWaitedForOnItsOwnDevice) {
  SEGBENCH_REQUIRE_PYTHON(python, "json");
  run_beside_engines(python, kFakeTorch);
}

TEST(PyTorchAsAnEngine, ComputesFloat32InFull) {
  SEGBENCH_REQUIRE_PYTHON(python, "json");
  run_beside_engines(python, kFakePrecision);
}

}  // namespace
}  // namespace segbench::profile
