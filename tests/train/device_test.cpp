// SPDX-License-Identifier: MIT
#include "harness/train/device.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "architectures/torch/device_memory.h"
#include "harness/core/error.h"
#include "harness/train/alerts.h"
#include "harness/train/device_errors.h"
#include "harness/train/environment.h"
#include "harness/train/failure.h"
#include "tests/support/fake_accelerator.h"

namespace segbench::train {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using tests::FakeAccelerator;

const core::Gpus kOneGpu{.driver = "999.1", .gpus = {{.uuid = "GPU-1", .name = "NVIDIA Fake 90"}}};

/// How a trial ends in which LibTorch says this.
trial::Ending ending_with(const std::string& words) {
  try {
    TORCH_CHECK(false, words);
  } catch (...) {
    return ending_of(std::current_exception());
  }
  return {};
}

TEST(DeviceTroubles, AreToldApartByWhatLibTorchSays) {
  for (const std::string& words : tests::kUnusableWords) {
    EXPECT_EQ(device_trouble(words), DeviceTrouble::kUnusable) << words;
    EXPECT_EQ(ending_with(words).reason, core::FailureReason::kDevice) << words;
  }
  for (const std::string& words : tests::kMemoryWords) {
    EXPECT_EQ(device_trouble(words), DeviceTrouble::kMemory) << words;
    EXPECT_EQ(ending_with(words).reason, core::FailureReason::kOutOfMemory) << words;
  }
  for (const std::string& words : tests::kBrokenWords) {
    EXPECT_EQ(device_trouble(words), DeviceTrouble::kBroken) << words;
    const trial::Ending ending = ending_with(words);
    EXPECT_EQ(ending.reason, core::FailureReason::kError) << words;
    EXPECT_EQ(ending.message, words.substr(0, words.find('\n')));
  }
  EXPECT_EQ(device_trouble("mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)"), DeviceTrouble::kNone);
}

TEST(DeviceChoice, TakesTheFirstGpuThatWorksOrTellsWhyNot) {
  FakeAccelerator gpus;
  gpus.faults = {"", ""};
  EXPECT_EQ(choose_device("auto", gpus, kOneGpu).device, torch::Device(torch::kCUDA, 0));
  EXPECT_EQ(choose_device("auto", gpus, kOneGpu).problem, "");
  EXPECT_EQ(choose_device("cuda:1", gpus, kOneGpu).device, torch::Device(torch::kCUDA, 1));
  EXPECT_TRUE(choose_device("cpu", gpus, kOneGpu).device.is_cpu());
  gpus.faults = {tests::kUnusableWords[3]};
  const DeviceChoice other = choose_device("auto", gpus, kOneGpu);
  EXPECT_TRUE(other.device.is_cpu());
  EXPECT_EQ(other.problem, "CUDA error: no kernel image is available for execution on the device");
}

TEST(DeviceChoice, TellsOfAGpuThatIsThereAndThatLibTorchDoesNotFind) {
  FakeAccelerator none;
  none.words = "CUDA initialization: The NVIDIA driver on your system is too old (found version 11040).";
  EXPECT_THAT(choose_device("auto", none, kOneGpu).problem, HasSubstr("too old (found version 11040)"));
  none.built = false;
  EXPECT_THAT(choose_device("auto", none, kOneGpu).problem, HasSubstr("for CPUs only"));
  EXPECT_EQ(choose_device("auto", none, {}).problem, "") << "nothing is amiss where there is no GPU";
}

TEST(DeviceChoice, ThatWasAskedForIsNeverReplaced) {
  FakeAccelerator gpus;
  const auto refusal = [&](const std::string& device) {
    try {
      choose_device(device, gpus, kOneGpu);
    } catch (const core::UserError& error) {
      EXPECT_EQ(error.exit_code(), core::kNoDevice) << device;
      return std::string(error.what());
    }
    return std::string();
  };
  gpus.built = false;
  EXPECT_THAT(refusal("cuda"), HasSubstr("for CPUs only"));
  gpus.built = true;
  gpus.faults = {"", tests::kUnusableWords[0]};
  EXPECT_EQ(refusal("cuda:0"), "");
  EXPECT_THAT(refusal("cuda:1"), HasSubstr("all CUDA-capable devices are busy"));
  EXPECT_THAT(refusal("cuda:2"), HasSubstr("LibTorch finds 2 GPUs"));
}

TEST(DeviceChoice, OfThisMachineIsTriedOut) {
  EXPECT_NO_THROW(Accelerator().try_out(torch::kCPU));
}

TEST(LibTorchWarnings, OfOperationsWithoutAnOrderAreKeptApart) {
  at::globalContext().setDeterministicAlgorithms(true, /*warn_only=*/true);
  Alerts alerts;
  for (int i = 0; i < 3; ++i) {
    at::globalContext().alertNotDeterministic("upsample_bilinear2d_backward_out_cuda");
    at::globalContext().alertNotDeterministic("adaptive_avg_pool2d_backward_cuda");
    TORCH_WARN("something else");
  }
  EXPECT_THAT(alerts.unordered_operations(),
              ElementsAre("upsample_bilinear2d_backward_out_cuda", "adaptive_avg_pool2d_backward_cuda"));
  EXPECT_EQ(alerts.heard().size(), 3U) << "each distinct one is said once";
  at::globalContext().setDeterministicAlgorithms(false, false);
}

TEST(LibTorchWarnings, GoWhereTheyWentAfterwards) {
  WarningTexts outer;
  {
    const WarningTexts inner;
    TORCH_WARN("inside");
    EXPECT_THAT(inner.heard(), ElementsAre(HasSubstr("inside")));
  }
  TORCH_WARN("outside");
  EXPECT_THAT(outer.heard(), ElementsAre(HasSubstr("outside")));
}

TEST(DeviceMemory, IsNotAskedOfADeviceThatWasNeverUsed) {
  EXPECT_EQ(architectures::peak_device_bytes(torch::kCPU), std::nullopt);
  EXPECT_EQ(architectures::peak_device_bytes(torch::Device(torch::kCUDA, 0)), std::nullopt);
}

TEST(Promises, FollowFromTheDeviceAndTheNetwork) {
  const torch::Device gpu(torch::kCUDA, 0);
  EXPECT_EQ(determinism(gpu, {}).at("grade"), "bitwise");
  EXPECT_EQ(determinism(torch::kCPU, {"bilinear up-sampling"}).at("grade"), "bitwise");
  EXPECT_EQ(determinism(gpu, {"bilinear up-sampling"}),
            core::Json({{"grade", "seeded"}, {"prevented_by", {"bilinear up-sampling"}}}));
}

}  // namespace
}  // namespace segbench::train
