// SPDX-License-Identifier: MIT
#include "harness/core/spare_threads.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <stdexcept>

namespace segbench::core {
namespace {

TEST(SpareThreads, ReturnWhatTheWorkReturnsOrThrows) {
  SpareThreads threads(2);
  std::vector<std::future<int>> results;
  for (int i = 0; i < 100; ++i) results.push_back(threads.run([i] { return i * i; }));
  for (int i = 0; i < 100; ++i) EXPECT_EQ(results[static_cast<std::size_t>(i)].get(), i * i);
  EXPECT_THROW(threads.run([]() -> int { throw std::runtime_error("no"); }).get(), std::runtime_error);
}

TEST(SpareThreads, EndWithTheRunningTask) {
  std::atomic<int> begun = 0, ended = 0;
  {
    SpareThreads threads(1);
    for (int i = 0; i < 50; ++i) {
      threads.run([&] {
        ++begun;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        ++ended;
      });
    }
    while (begun == 0) std::this_thread::yield();
  }
  EXPECT_EQ(begun, ended);
  EXPECT_LT(ended, 50);
}

}  // namespace
}  // namespace segbench::core
