// SPDX-License-Identifier: MIT
#include "harness/core/cpu_limit.h"

#include <gtest/gtest.h>

#include <map>

#include "harness/core/files.h"
#include "tests/support/temporary_folder.h"

namespace segbench::core {
namespace {

/// A made-up machine of 16 CPUs.
class CpuLimits : public testing::Test {
 protected:
  void file(const std::string& name, const std::string& content) {
    std::filesystem::create_directories((folder_.path() / name).parent_path());
    write_file_atomically(folder_.path() / name, content);
  }
  CpuLimit limit() {
    return usable_cpu_limit({.root = folder_.path(),
                             .environment =
                                 [this](const char* name) {
                                   const auto found = variables_.find(name);
                                   return found == variables_.end() ? nullptr : found->second.c_str();
                                 },
                             .machine = 16,
                             .affinity = affinity_});
  }

  tests::TemporaryFolder folder_;
  std::map<std::string, std::string> variables_;
  int affinity_ = 16;
};

TEST_F(CpuLimits, NothingLimits) {
  EXPECT_EQ(limit().cpus, 16);
  EXPECT_EQ(limit().reason, "CPUs of the machine");
}

TEST_F(CpuLimits, TheSmallestWins) {
  affinity_ = 8;
  EXPECT_EQ(limit().cpus, 8);
  EXPECT_EQ(limit().reason, "CPU affinity");
  variables_["SLURM_CPUS_PER_TASK"] = "7";
  EXPECT_EQ(limit().reason, "SLURM_CPUS_PER_TASK");
  variables_["OMP_NUM_THREADS"] = "6,2";
  EXPECT_EQ(limit().cpus, 6) << "the first number is the outermost level's";
  file("proc/self/cgroup", "0::/jobs/this\n");
  file("sys/fs/cgroup/jobs/cpu.max", "500000 100000\n");
  file("sys/fs/cgroup/jobs/this/cpu.max", "max 100000\n");
  EXPECT_EQ(limit().cpus, 5);
  EXPECT_EQ(limit().reason, "cgroup CPU quota /sys/fs/cgroup/jobs/cpu.max");
  variables_["OMP_THREAD_LIMIT"] = "1";
  EXPECT_EQ(limit().cpus, 1);
  EXPECT_EQ(limit().reason, "OMP_THREAD_LIMIT");
}

TEST_F(CpuLimits, WhatIsNoNumberSaysNothing) {
  for (const char* value : {"", "no", "0", "-3", "2x", "99999999999"}) {
    variables_["OMP_NUM_THREADS"] = variables_["SLURM_CPUS_PER_TASK"] = value;
    EXPECT_EQ(limit().cpus, 16) << value;
  }
}

TEST_F(CpuLimits, QuotasOfVersion1) {
  file("proc/self/mountinfo",
       "25 23 0:22 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
       "26 23 0:23 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n");
  file("proc/self/cgroup", "4:memory:/m\n3:cpu,cpuacct:/slurm/job\n");
  file("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "-1\n");
  file("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(limit().cpus, 16);
  file("sys/fs/cgroup/cpu,cpuacct/slurm/job/cpu.cfs_quota_us", "350000\n");
  file("sys/fs/cgroup/cpu,cpuacct/slurm/job/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(limit().cpus, 3);
  EXPECT_EQ(limit().reason, "cgroup CPU quota /sys/fs/cgroup/cpu,cpuacct/slurm/job/cpu.cfs_quota_us");
}

TEST_F(CpuLimits, InsideAContainer) {
  // The mount begins at the container's group, which the process knows by the host's name …
  file("proc/self/mountinfo", "30 23 0:26 /docker/abc /sys/fs/cgroup/cpu ro - cgroup cgroup rw,cpu\n");
  file("proc/self/cgroup", "3:cpu:/docker/abc\n");
  file("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "200000");
  file("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000");
  EXPECT_EQ(limit().cpus, 2);
  // … or the name leads out of what the container sees.
  file("proc/self/mountinfo", "30 23 0:26 / /sys/fs/cgroup ro - cgroup2 cgroup rw\n");
  file("proc/self/cgroup", "0::/../../other\n");
  file("sys/fs/cgroup/cpu.max", "50000 100000");
  EXPECT_EQ(limit().cpus, 1) << "half a CPU is one thread";
}

TEST_F(CpuLimits, KnowsTheLimitOfOpenMp) {
  const auto with = [](const char* value) {
    return openmp_thread_limit({.environment = [value](const char*) { return value; }});
  };
  EXPECT_EQ(with("3"), 3);
  EXPECT_EQ(with(nullptr), std::nullopt);
}

TEST(CpuMax, ReadsTheQuota) {
  EXPECT_EQ(parse_cpu_max("200000 100000\n"), 2);
  EXPECT_EQ(parse_cpu_max("250000 100000"), 2);
  EXPECT_EQ(parse_cpu_max("50000 100000"), 1);
  EXPECT_EQ(parse_cpu_max("max 100000"), std::nullopt);
  EXPECT_EQ(parse_cpu_max("-1 100000"), std::nullopt);
  EXPECT_EQ(parse_cpu_max(""), std::nullopt);
}

}  // namespace
}  // namespace segbench::core
