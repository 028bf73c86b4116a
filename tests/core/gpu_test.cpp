// SPDX-License-Identifier: MIT
#include "harness/core/gpu.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fake_gpus.h"

namespace segbench::core {
namespace {

using tests::FakeGpus;

TEST(Gpus, AreNoneWithoutADriver) {
  EXPECT_TRUE(read_gpus("libno-such-driver.so.1").gpus.empty());
  EXPECT_EQ(read_gpus("libno-such-driver.so.1").driver, "");
  EXPECT_TRUE(gpu_state("GPU-aaaa1111", "libno-such-driver.so.1").is_null());
  EXPECT_TRUE(read_gpus("libc.so.6").gpus.empty()) << "a library that is none of NVIDIA's";
  const FakeGpus not_loaded("", SEGBENCH_FAKE_NVML);
  EXPECT_TRUE(read_gpus(SEGBENCH_FAKE_NVML).gpus.empty()) << "a driver that does not start";
}

TEST(Gpus, AreAsTheirDriverTells) {
  const FakeGpus fakes(tests::kTwoGpus, SEGBENCH_FAKE_NVML);
  const Gpus found = read_gpus(SEGBENCH_FAKE_NVML);
  EXPECT_EQ(found.driver, "999.1");
  ASSERT_EQ(found.gpus.size(), 2U) << "one that has fallen off the bus is left out";
  EXPECT_EQ(found.gpus[0].uuid, "GPU-aaaa1111");
  EXPECT_EQ(found.gpus[0].name, "NVIDIA Fake 90");
  EXPECT_EQ(found.gpus[1].free_bytes, std::int64_t{1200} << 20);
  EXPECT_EQ(found.gpus[1].utilisation, 98);
  EXPECT_EQ(found.gpus[1].index, 1);
  EXPECT_EQ(found.gpus[0].compute_mode, "default");
}

TEST(Gpus, ThatAreDividedAreGivenByTheirParts) {
  const FakeGpus fakes(
      "GPU-aaaa1111|NVIDIA Fake 90|80000|80000|0|3|0|0|0|\n"
      "MIG-1|Fake 90 MIG 1g|10000|9000|0|0|0|0|0|0\n"
      "MIG-2|Fake 90 MIG 1g|10000|8000|0|0|0|0|0|0\n"
      "GPU-bbbb2222|NVIDIA Fake 90|80000|80000|0|3|0|0|0|\n",
      SEGBENCH_FAKE_NVML);
  const std::vector<Gpu> gpus = read_gpus(SEGBENCH_FAKE_NVML).gpus;
  ASSERT_EQ(gpus.size(), 3U);
  EXPECT_EQ(gpus[0].uuid, "MIG-1");
  EXPECT_TRUE(gpus[1].is_part);
  EXPECT_EQ(gpus[1].free_bytes, std::int64_t{8000} << 20);
  EXPECT_FALSE(gpus[1].utilisation.has_value());
  EXPECT_EQ(gpus[2].uuid, "GPU-bbbb2222");
  EXPECT_EQ(gpus[2].compute_mode, "exclusive");
}

TEST(Gpus, AreVisibleAsTheVariableSays) {
  const FakeGpus fakes(tests::kTwoGpus, SEGBENCH_FAKE_NVML);
  const std::vector<Gpu> gpus = read_gpus(SEGBENCH_FAKE_NVML).gpus;
  const auto seen = [&](const std::optional<std::string>& variable) {
    std::string names;
    for (const Gpu& gpu : visible_gpus(gpus, variable)) names += gpu.uuid.substr(4, 1);
    return names;
  };
  EXPECT_EQ(seen(std::nullopt), "ab");
  EXPECT_EQ(seen("1,0"), "ba");
  EXPECT_EQ(seen("GPU-bbbb"), "b") << "the beginning of a UUID is enough";
  EXPECT_EQ(seen(""), "");
  EXPECT_EQ(seen("-1"), "");
  EXPECT_EQ(seen("0,7,1"), "a") << "what stands behind one that is not there is not seen";
}

TEST(Gpus, TellTheirState) {
  const FakeGpus fakes(tests::kTwoGpus, SEGBENCH_FAKE_NVML);
  EXPECT_EQ(gpu_state("GPU-bbbb2222", SEGBENCH_FAKE_NVML), Json({{"sm_clock_mhz", 900},
                                                                 {"most_sm_clock_mhz", 1980},
                                                                 {"throttled", {"power", "temperature"}},
                                                                 {"memory_errors", 2}}));
  EXPECT_EQ(gpu_state("GPU-aaaa1111", SEGBENCH_FAKE_NVML).at("throttled"), Json::array());
  EXPECT_TRUE(gpu_state("GPU-none", SEGBENCH_FAKE_NVML).is_null());
  EXPECT_THAT(throttle_words(0x20 | 0x40 | 0x1), testing::ElementsAre("temperature")) << "0x1: it was idle";
}

}  // namespace
}  // namespace segbench::core
