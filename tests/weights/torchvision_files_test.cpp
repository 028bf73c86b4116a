// SPDX-License-Identifier: MIT
// Files that PyTorch itself wrote, of random weights, read back value by value.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <sstream>

#include "harness/core/error.h"
#include "harness/core/hash.h"
#include "harness/weights/weight_file.h"
#include "tests/support/python.h"
#include "tests/support/temporary_folder.h"

namespace segbench::tests {
namespace {

/// Writes NAME.pth by `body`, which sets `saved` and may set `keep` (the dict of tensors in it), and prints
/// for each tensor its name, type, shape and the SHA-256 of its values as float32 in C order ("-" for
/// integers).
std::string script(const std::string& body) {
  return R"(
import collections, hashlib, sys, torch
torch.manual_seed(1)
keep = None
)" + body +
         R"(
keep = saved if keep is None else keep
for name, t in keep.items():
    t = t.detach()
    values = t.float().contiguous().numpy().tobytes() if t.is_floating_point() else None
    digest = hashlib.sha256(values).hexdigest() if values is not None else '-'
    print(name, str(t.dtype)[6:], 'x'.join(map(str, t.shape)) or 'scalar', digest)
)";
}

std::string dtype_of(const std::string& torch_name) {
  static const std::map<std::string, std::string> kNames = {
      {"float32", "F32"}, {"float64", "F64"}, {"float16", "F16"}, {"bfloat16", "BF16"},
      {"int64", "I64"},   {"bool", "BOOL"},   {"uint8", "U8"}};
  return kNames.at(torch_name);
}

void expect_same(const std::string& listing, const weights::WeightFile& file) {
  std::istringstream lines(listing);
  std::size_t count = 0;
  for (std::string name, dtype, shape, digest; lines >> name >> dtype >> shape >> digest; ++count) {
    const auto found = file.tensors().find(name);
    ASSERT_NE(found, file.tensors().end()) << name;
    const weights::Tensor& tensor = found->second;
    EXPECT_EQ(tensor.dtype, dtype_of(dtype)) << name;
    std::string sides;
    for (const std::int64_t n : tensor.shape) sides += (sides.empty() ? "" : "x") + std::to_string(n);
    EXPECT_EQ(sides.empty() ? "scalar" : sides, shape) << name;
    if (digest == "-") continue;
    const std::vector<float> values = weights::float_values(tensor);
    core::Sha256 hash;
    hash.update(std::as_bytes(std::span(values)));
    EXPECT_EQ(hash.hex_digest(), digest) << name;
  }
  EXPECT_GT(count, 0u);
  EXPECT_EQ(count, file.tensors().size());
}

/// `files`: names and the key of the checkpoint that the tensors stand under.
void check(const std::string& python, const std::string& body,
           const std::map<std::string, std::string>& files = {{"w.pth", ""}}) {
  const TemporaryFolder folder;
  const std::string listing = run_python(python, script(body), folder.path());
  for (const auto& [name, found_under] : files) {
    SCOPED_TRACE(name);
    const weights::WeightFile file(folder / name);
    EXPECT_EQ(file.format(), "torch");
    EXPECT_EQ(file.found_under(), found_under);
    expect_same(listing, file);
  }
}

TEST(TorchFiles, EveryTypeLayoutAndSharing) {
  SEGBENCH_REQUIRE_PYTHON(python, "torch");
  check(python, R"(
x = torch.randn(6, 5)
saved = collections.OrderedDict(
    plain=torch.randn(2, 3, 4), scalar=torch.tensor(2.5), empty=torch.zeros(0, 3), count=torch.tensor(7),
    half=torch.randn(9).half(), tiny_half=(torch.randn(99) * 1e-7).half(), brain=torch.randn(9).bfloat16(),
    double=torch.randn(9).double(), flags=torch.tensor([True, False]), bytes=torch.arange(5, dtype=torch.uint8),
    infinite=torch.tensor([float('inf'), -float('inf'), -0.0]).half(),
    transposed=x.t(), slice=x[1:4, ::2], shared=x, channels_last=torch.randn(2, 3, 4, 5).to(memory_format=torch.channels_last),
    parameter=torch.nn.Parameter(torch.randn(3)))
torch.save(saved, 'w.pth')
)");
}

TEST(TorchFiles, EveryProtocolAndCheckpointsOfTrainingScripts) {
  SEGBENCH_REQUIRE_PYTHON(python, "torch");
  check(python, R"(
net = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.BatchNorm2d(4))
optimizer = torch.optim.Adam(net.parameters())
net(torch.randn(2, 3, 8, 8)).mean().backward()
optimizer.step()
keep = net.state_dict()
for protocol in 2, 3, 4, 5:
    torch.save(keep, f'{protocol}.pth', pickle_protocol=protocol)
for key in 'state_dict', 'model':
    saved = {'epoch': 3, 'best': 0.5, key: keep, 'arch': 'resnet', 'big': 2**80,
             'optimizer': optimizer.state_dict(), 'none': None}
    torch.save(saved, key)
)",
        {{"2.pth", ""},
         {"3.pth", ""},
         {"4.pth", ""},
         {"5.pth", ""},
         {"state_dict", "state_dict"},
         {"model", "model"}});
}

TEST(TorchFiles, TorchvisionNetworks) {
  SEGBENCH_REQUIRE_PYTHON(python, "torch, torchvision");
  check(python, R"(
import torchvision
saved = torchvision.models.segmentation.deeplabv3_mobilenet_v3_large(
    weights=None, weights_backbone=None, aux_loss=True).state_dict()
torch.save(saved, 'w.pth')
)");
}

TEST(TorchFiles, TheOldFormatAndModulesAreRefusedWithTheWayOut) {
  SEGBENCH_REQUIRE_PYTHON(python, "torch");
  const TemporaryFolder folder;
  run_python(python, R"(
import torch
net = torch.nn.Conv2d(3, 4, 3)
torch.save(net.state_dict(), 'old.pth', _use_new_zipfile_serialization=False)
torch.save(net, 'module.pth')
torch.jit.script(net).save('script.pt')
)",
             folder.path());
  const auto refusal = [&](const char* name) {
    try {
      weights::WeightFile file(folder / name);
    } catch (const core::UserError& error) {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  EXPECT_THAT(refusal("module.pth"), testing::HasSubstr("torch.nn.modules.conv.Conv2d"));
  EXPECT_THAT(refusal("script.pt"), testing::HasSubstr("TorchScript module"));
  const std::string old = refusal("old.pth");
  ASSERT_THAT(old, testing::HasSubstr("before 1.6"));
  // The line that it tells does what it says.
  const std::size_t begin = old.find("-c \"") + 4;
  run_python(python, old.substr(begin, old.find('"', begin) - begin), folder.path(), {"old.pth", "new.pth"});
  EXPECT_EQ(weights::WeightFile(folder / "new.pth").tensors().size(), 2u);
}

}  // namespace
}  // namespace segbench::tests
