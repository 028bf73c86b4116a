// SPDX-License-Identifier: MIT
#include "harness/train/process_group.h"

#include <ATen/Parallel.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <exception>
#include <functional>
#include <stdexcept>
#include <thread>
#include <vector>

#include "harness/core/error.h"
#include "harness/train/failure.h"
#include "harness/train/meeting.h"
#include "harness/train/parallel.h"
#include "harness/train/replicas.h"
#include "harness/train/runtime_settings.h"
#include "tests/train/threads_as_processes.h"

// What the processes of a trial tell each other, with threads that stand for them.

namespace segbench::tests {
namespace {

using testing::HasSubstr;
using torch::Tensor;
using train::ProcessGroup;

/// Of all types and shapes that a training step adds up; the large one needs several pieces.
std::vector<Tensor> message_of(int rank) {
  torch::manual_seed(7 + static_cast<std::uint64_t>(rank));
  return {
      torch::randn({5}),           torch::randn({}, torch::kDouble),
      torch::randn({3, 100, 700}), torch::randn({2, 3, 4, 5}).contiguous(torch::MemoryFormat::ChannelsLast),
      torch::randn({6, 4}).t(),    torch::randn({8, 6}).slice(1, 0, 6, 2),
      torch::empty({0}),           torch::randn({9}, torch::kDouble)};
}

class ProcessGroups : public testing::TestWithParam<int> {};

TEST_P(ProcessGroups, AddUpInTheOrderOfTheRanks) {
  const int size = GetParam();
  std::vector<Tensor> expected = message_of(0);
  for (int rank = 1; rank < size; ++rank) {
    const std::vector<Tensor> further = message_of(rank);
    for (std::size_t i = 0; i < expected.size(); ++i) expected[i] = expected[i] + further[i];
  }
  std::vector<std::vector<Tensor>> messages;
  for (int rank = 0; rank < size; ++rank) messages.push_back(message_of(rank));
  std::vector<double> singles(static_cast<std::size_t>(size));
  as_processes(size, [&](ProcessGroup& group) {
    const auto rank = static_cast<std::size_t>(group.rank());
    group.sum(messages[rank]);
    for (int i = 0; i < 50; ++i) {  // small ones, one after the other: nobody reads what is written already
      Tensor one = torch::full({1}, 1.0 + i * group.rank(), torch::kDouble);
      group.sum(one);
      singles[rank] += one.item<double>();
    }
    EXPECT_EQ(group.size(), size);
    EXPECT_GT(group.seconds(), 0);
    EXPECT_EQ(group.way(), "shared memory");
  });
  const double of_singles = 50.0 * size + 49 * 50 / 2 * (size * (size - 1) / 2);
  for (std::size_t rank = 0; rank < messages.size(); ++rank) {
    EXPECT_EQ(singles[rank], of_singles);
    for (std::size_t i = 0; i < expected.size(); ++i)
      EXPECT_TRUE(torch::equal(messages[rank][i], expected[i])) << "tensor " << i << " of rank " << rank;
  }
}

TEST_P(ProcessGroups, GiveEveryoneWhatTheFirstHas) {
  std::vector<std::string> texts(static_cast<std::size_t>(GetParam()));
  std::vector<Tensor> tensors = {torch::zeros({300, 700}, torch::kLong).t(), torch::zeros({3}, torch::kBool)};
  const Tensor large = torch::arange(210000).view({700, 300});
  as_processes(GetParam(), [&](ProcessGroup& group) {
    const bool leads = group.rank() == 0;
    texts[static_cast<std::size_t>(group.rank())] =
        group.broadcast(leads ? std::string(600000, 'a') + '\0' + "end" : std::string("mine"));
    EXPECT_EQ(group.broadcast(leads ? "" : "something"), "");
    Tensor all = leads ? large.clone() : torch::zeros_like(large);
    group.broadcast(all);
    EXPECT_TRUE(torch::equal(all, large));
    Tensor gaps = leads ? torch::ones({4, 6}).slice(1, 0, 6, 2) : torch::zeros({4, 6}).slice(1, 0, 6, 2);
    group.broadcast(gaps);
    EXPECT_TRUE(torch::equal(gaps, torch::ones({4, 3})));
  });
  for (const std::string& text : texts) {
    EXPECT_EQ(text.size(), 600004U);
    EXPECT_EQ(text.substr(599999), std::string("a\0end", 5));
  }
}

INSTANTIATE_TEST_SUITE_P(Sizes, ProcessGroups, testing::Values(2, 3, 5));

TEST(ProcessGroup, LooksWhetherTheOthersLiveWhileItWaits) {
  int looks = 0;
  train::GroupEntry entry;
  entry.look = [&] {
    if (++looks == 2) throw train::LostProcess("process 2 of 2 was lost: killed by SIGKILL");
  };
  try {
    train::join(train::Meeting::memory_for(2, std::chrono::microseconds(5)), entry);
    ADD_FAILURE() << "there is nobody else";
  } catch (const train::LostProcess& lost) {
    EXPECT_EQ(lost.message, "process 2 of 2 was lost: killed by SIGKILL");
    EXPECT_EQ(lost.reason, core::FailureReason::kNone) << "it was killed";
  }
  EXPECT_EQ(looks, 2);
}

TEST(ProcessGroup, SleepsUntilALateOneComes) {
  as_processes(3, [&](ProcessGroup& group) {
    if (group.rank() == 2) std::this_thread::sleep_for(std::chrono::milliseconds(200));
    Tensor one = torch::ones({1});
    group.sum(one);
    EXPECT_EQ(one.item<float>(), 3);
    if (group.rank() != 2) {
      EXPECT_GT(group.seconds(), 0.1) << "waiting counts";
    }
  });
}

TEST(ProcessGroup, SharesTheThreadsOfATrialWhileItTrains) {
  const int before = at::get_num_threads();
  as_processes(2, [&](ProcessGroup& group) {
    if (group.rank() != 0) return;
    {
      const train::ShareOfThreads share(5, &group);
      EXPECT_EQ(at::get_num_threads(), 2);
    }
    EXPECT_EQ(at::get_num_threads(), 5) << "the first process evaluates with all of them";
  });
  train::change_threads(before);
  const train::ShareOfThreads alone(7, nullptr);
  EXPECT_EQ(at::get_num_threads(), before);
  EXPECT_EQ(train::share_of_threads(1, 2), 1);
}

TEST(ProcessGroup, LosesAProcessForItsOwnReason) {
  const auto ending = [](int status) {
    return train::ending_of(std::make_exception_ptr(train::lost_process(1, 4, status)));
  };
  const auto ended_with = [](const std::string& libtorch_says) {
    return train::exit_code_of(train::ending_of(std::make_exception_ptr(std::runtime_error(libtorch_says))))
           << 8;
  };
  const trial::Ending device = ending(ended_with("CUDA error: uncorrectable ECC error encountered"));
  EXPECT_EQ(device.reason, core::FailureReason::kDevice);
  EXPECT_EQ(device.message,
            "process 2 of 4 was lost: its device cannot be used (its words stand in worker.log)");
  EXPECT_EQ(ending(core::kNoDevice << 8).reason, core::FailureReason::kDevice) << "it did not begin";
  const trial::Ending memory = ending(ended_with("CUDA out of memory"));
  EXPECT_EQ(memory.reason, core::FailureReason::kOutOfMemory);
  EXPECT_THAT(memory.message, HasSubstr("process 2 of 4 was lost: no memory was left"));
  const trial::Ending other = ending(ended_with("an error of its own"));
  EXPECT_EQ(other.reason, core::FailureReason::kError);
  EXPECT_THAT(other.message, HasSubstr("process 2 of 4 was lost: ended with exit code 1"));
  EXPECT_EQ(ending(SIGKILL).status, core::TrialStatus::kInterrupted);
  EXPECT_THAT(ending(SIGKILL).message,
              HasSubstr("process 2 of 4 was lost: killed by SIGKILL (Killed); the trial goes on"));
}

TEST(ProcessGroup, TakesTheNextGpuForEachProcess) {
  const torch::Device first(torch::kCUDA, 1);
  EXPECT_EQ(train::device_of_rank(first, 0, 4), first);
  EXPECT_EQ(train::device_of_rank(first, 2, 4), torch::Device(torch::kCUDA, 3));
  EXPECT_EQ(train::device_of_rank(first, 3, 4), torch::Device(torch::kCUDA, 0));
  EXPECT_EQ(train::device_of_rank(torch::kCUDA, 3, 2), torch::Device(torch::kCUDA, 1)) << "it is shared";
  EXPECT_EQ(train::device_of_rank(torch::kCPU, 3, 0), torch::Device(torch::kCPU));
}

TEST(ProcessGroup, TakesNoOtherMemory) {
  const auto message = [](const std::function<void()>& call) {
    try {
      call();
    } catch (const core::UserError& error) {
      return std::string(error.what());
    }
    return std::string("nothing is said");
  };
  EXPECT_THAT(message([] { train::SharedMemory::inherited(-1); }),
              HasSubstr("--memory -1 is no shared memory"));
  train::SharedMemory other = train::SharedMemory::create(4096);
  EXPECT_EQ(train::SharedMemory::inherited(::dup(other.descriptor())).bytes().size(), 4096U);
  EXPECT_THAT(message([&] { train::join(std::move(other), {}); }), HasSubstr("not where the processes"));
  EXPECT_THAT(
      message([] { train::SharedMemory::create(std::size_t{1} << 63); }),
      HasSubstr("training.processes: reserving of 9223372036854775808 bytes of shared memory failed"));
}

}  // namespace
}  // namespace segbench::tests
