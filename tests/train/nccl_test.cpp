// SPDX-License-Identifier: MIT
#include "harness/train/nccl.h"

#include <dlfcn.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <future>

#include "harness/train/nccl_group.h"
#include "tests/train/threads_as_processes.h"

// Sums by NCCL, with a library in its place that adds up in the memory of this process
// (tests/preload/nccl.cpp). The device is the CPU.

namespace segbench::tests {
namespace {

using testing::HasSubstr;
using torch::Tensor;
using train::ProcessGroup;

class NcclGroups : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"NCCL_ALGO", "NCCL_PROTO", "NCCL_MIN_NCHANNELS", "NCCL_MAX_NCHANNELS"})
      ::unsetenv(name);
    library_ = ::dlopen(SEGBENCH_FAKE_NCCL, RTLD_NOW | RTLD_LOCAL);
    ASSERT_NE(library_, nullptr) << ::dlerror();
    calls();
  }
  void TearDown() override { ::dlclose(library_); }

  /// Since it was last asked, by rank 0.
  std::string calls() const {
    return reinterpret_cast<const char* (*)()>(::dlsym(library_, "fake_nccl_calls"))();
  }

  static train::GroupEntry entry_of(int rank) {
    train::GroupEntry entry;
    entry.rank = rank;
    return entry;
  }
  static std::unique_ptr<ProcessGroup> join(train::SharedMemory memory, int rank) {
    return train::join_by_nccl(join_here(std::move(memory), rank), entry_of(rank),
                               {"no such", SEGBENCH_FAKE_NCCL});
  }

  void* library_ = nullptr;
};

TEST_F(NcclGroups, AddUpOnTheDevice) {
  as_processes(
      3,
      [&](ProcessGroup& group) {
        const auto value = [](int rank) {
          return std::vector<float>{1, 1e8F, -1e8F}.at(static_cast<std::size_t>(rank));
        };
        Tensor one = torch::full({5}, value(group.rank())), other = torch::ones({}, torch::kDouble),
               gaps = torch::full({4, 6}, value(group.rank())).slice(1, 0, 6, 2);
        group.sum({one, other, gaps});
        const float backwards = 1;  // (-1e8 + 1e8) + 1; from the first rank on it would be 0
        EXPECT_TRUE(torch::equal(one, torch::full({5}, backwards)));
        EXPECT_TRUE(torch::equal(gaps, torch::full({4, 3}, backwards)));
        EXPECT_EQ(other.item<double>(), 3);
        Tensor told = group.rank() == 0 ? torch::arange(6).view({2, 3}) : torch::zeros({2, 3}, torch::kLong);
        group.broadcast(told);
        EXPECT_TRUE(torch::equal(told, torch::arange(6).view({2, 3})));
        EXPECT_EQ(group.broadcast(group.rank() == 0 ? "text" : ""), "text");
        EXPECT_EQ(group.way(), "NCCL 2.27.3, Ring, Simple, 8 to 8 channels");
        group.settle();
      },
      join);
  EXPECT_EQ(calls(), "sum 5 float\nsum 1 double\nsum 12 float\nbroadcast 48\nabort\n");
}

TEST_F(NcclGroups, LeaveToTheUserHowSumsAreTaken) {
  ::setenv("NCCL_ALGO", "Tree", 1);
  const auto nccl = train::Nccl::load({SEGBENCH_FAKE_NCCL});
  ASSERT_NE(nccl, nullptr);
  EXPECT_EQ(nccl->description(), "NCCL 2.27.3, Tree, Simple, 8 to 8 channels");
}

TEST_F(NcclGroups, NeedTheLibraryInAllProcesses) {
  const Joined two_of_three = [](train::SharedMemory memory, int rank) {
    const std::vector<std::string> files = {rank == 1 ? "/nowhere/libnccl.so.2" : SEGBENCH_FAKE_NCCL};
    return train::join_by_nccl(join_here(std::move(memory), rank), entry_of(rank), files);
  };
  as_processes(
      3,
      [&](ProcessGroup& group) {
        EXPECT_EQ(group.way(), "shared memory");
        Tensor one = torch::ones({1});
        group.sum(one);
        EXPECT_EQ(one.item<float>(), 3);
      },
      two_of_three);
  EXPECT_EQ(calls(), "");
}

TEST_F(NcclGroups, BreakOffWhenAProcessIsLost) {
  std::atomic<bool> is_lost = false;
  const Joined watched = [&](train::SharedMemory memory, int rank) {
    train::GroupEntry entry = entry_of(rank);
    entry.look = [&is_lost] {
      if (is_lost) throw train::LostProcess("process 2 of 2 was lost: killed by SIGKILL");
    };
    return train::join_by_nccl(join_here(std::move(memory), rank), entry, {SEGBENCH_FAKE_NCCL});
  };
  as_processes(
      2,
      [&](ProcessGroup& group) {
        if (group.rank() == 1) {
          is_lost = true;
          return;
        }
        Tensor one = torch::ones({4});
        EXPECT_THROW(group.sum(one), train::LostProcess) << "it waits for the other one inside NCCL";
        EXPECT_THROW(group.settle(), train::LostProcess);
        EXPECT_THROW(group.sum(one), train::LostProcess);
      },
      watched);
}

TEST_F(NcclGroups, BreakOffWhenAProcessIsLostBeforeTheyHaveMet) {
  std::atomic<bool> is_lost = false;
  const Joined first_alone = [&](train::SharedMemory memory, int rank) -> std::unique_ptr<ProcessGroup> {
    auto host = join_here(std::move(memory), rank);
    if (rank == 1) {  // says that it has NCCL, hears by what name, and is gone
      Tensor able = torch::ones({1}, torch::kDouble);
      host->sum(able);
      host->broadcast("");
      is_lost = true;
      return host;
    }
    train::GroupEntry entry = entry_of(rank);
    entry.look = [&is_lost] {
      if (is_lost) throw train::LostProcess("gone");
    };
    std::unique_ptr<ProcessGroup> group = join_here(train::Meeting::memory_for(1, {}), 0);
    EXPECT_THROW(train::join_by_nccl(std::move(host), entry, {SEGBENCH_FAKE_NCCL}), train::LostProcess);
    return group;
  };
  as_processes(
      2, [](ProcessGroup&) {}, first_alone);
}

TEST_F(NcclGroups, SayWhatNcclSays) {
  as_processes(
      2,
      [&](ProcessGroup& group) {
        Tensor refused = torch::ones({13});
        try {
          group.sum(refused);
          ADD_FAILURE();
        } catch (const std::runtime_error& error) {
          EXPECT_STREQ(error.what(), "ncclAllReduce: invalid usage");
        }
      },
      join);
}

TEST(NcclFiles, AreLookedForBesideLibTorch) {
  const std::vector<std::string> files = train::nccl_files();
  ASSERT_EQ(files.size(), 3U);
  EXPECT_EQ(files[0], "libnccl.so.2");
  const std::filesystem::path folder = std::filesystem::path(files[1]).parent_path();
  EXPECT_TRUE(std::filesystem::exists(folder / "libc10.so") ||
              std::filesystem::exists(folder / "libtorch_cpu.so"))
      << folder;
  EXPECT_THAT(files[2], HasSubstr("nvidia/nccl/lib/libnccl.so.2"));
}

}  // namespace
}  // namespace segbench::tests
