// SPDX-License-Identifier: MIT
#include "harness/run/signals.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

#include "harness/core/error.h"
#include "harness/core/signals.h"

namespace segbench::run {
namespace {

constexpr std::array<int, 6> kWatched = {SIGINT, SIGTERM, SIGHUP, SIGUSR2, SIGCHLD, SIGPIPE};

// Only what a signal handler may touch; guarded by "at most one SignalWatch".
std::array<int, 2> pipe_ends = {-1, -1};
std::array<struct sigaction, kWatched.size()> previous;

void note_signal(int signal) {
  const int saved = errno;
  const auto byte = static_cast<unsigned char>(signal);
  (void)!::write(pipe_ends[1], &byte, 1);
  errno = saved;
}

}  // namespace

SignalWatch::SignalWatch() {
  SEGBENCH_CHECK(pipe_ends[0] < 0, "two signal watches at once");
  SEGBENCH_CHECK(::pipe2(pipe_ends.data(), O_CLOEXEC | O_NONBLOCK) == 0, "no pipe: errno {}", errno);
  for (std::size_t i = 0; i < kWatched.size(); ++i) {
    ::sigaction(kWatched[i], nullptr, &previous[i]);
    if (kWatched[i] == SIGPIPE)
      ::signal(SIGPIPE, SIG_IGN);
    else
      core::handle_unless_ignored(kWatched[i], note_signal);
  }
}

SignalWatch::~SignalWatch() {
  for (std::size_t i = 0; i < kWatched.size(); ++i) ::sigaction(kWatched[i], &previous[i], nullptr);
  for (int& end : pipe_ends) ::close(end), end = -1;
}

int SignalWatch::descriptor() const {
  return pipe_ends[0];
}

std::vector<int> SignalWatch::take() {
  std::vector<int> requests;
  unsigned char byte = 0;
  while (::read(pipe_ends[0], &byte, 1) == 1) {
    if (byte != SIGCHLD) requests.push_back(byte);
  }
  return requests;
}

}  // namespace segbench::run
