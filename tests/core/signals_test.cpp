// SPDX-License-Identifier: MIT
#include "harness/core/signals.h"

#include <gtest/gtest.h>

#include <csignal>

namespace segbench::core {
namespace {

volatile std::sig_atomic_t seen_signal = 0;
void see_signal(int signal) {
  seen_signal = signal;
}

TEST(Signals, WhatWasIgnoredAtTheStartStaysIgnored) {
  const auto previous = std::signal(SIGHUP, SIG_IGN);
  EXPECT_FALSE(handle_unless_ignored(SIGHUP, see_signal));
  std::raise(SIGHUP);
  EXPECT_EQ(seen_signal, 0);
  std::signal(SIGHUP, SIG_DFL);
  EXPECT_TRUE(handle_unless_ignored(SIGHUP, see_signal));
  std::raise(SIGHUP);
  EXPECT_EQ(seen_signal, SIGHUP);
  std::signal(SIGHUP, previous);
}

}  // namespace
}  // namespace segbench::core
