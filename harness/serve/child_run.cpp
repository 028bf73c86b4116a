// SPDX-License-Identifier: MIT
#include "harness/serve/child_run.h"

#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <optional>
#include <thread>

#include "harness/core/error.h"
#include "harness/run/child.h"

namespace segbench::serve {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kGrace{3'000};
constexpr std::chrono::milliseconds kLook{50};
constexpr std::size_t kMostOutput = std::size_t{1} << 20;

/// Takes what can be read; false at the end of the output.
bool read_some(int from, std::string& out) {
  pollfd polled{from, POLLIN, 0};
  if (::poll(&polled, 1, static_cast<int>(kLook.count())) <= 0) return true;
  std::array<char, 4096> block;
  const ssize_t count = ::read(from, block.data(), block.size());
  if (count > 0 && out.size() < kMostOutput) out.append(block.data(), static_cast<std::size_t>(count));
  return count > 0 || (count < 0 && errno == EINTR);
}

}  // namespace

CommandEnd run_child(const std::vector<std::string>& command, const std::filesystem::path& log,
                     std::chrono::milliseconds limit, std::uint64_t file_bytes, const std::stop_token& stop) {
  const run::Talker child = run::start_talker(command, log);
  ::close(child.to);
  const rlimit largest{file_bytes, file_bytes};
  ::prlimit(child.process, RLIMIT_FSIZE, &largest, nullptr);
  CommandEnd end;
  const auto begin = Clock::now();
  std::optional<Clock::time_point> asked;
  bool killed = false, open = true;
  std::optional<int> status;
  while (!status) {
    if (open)
      open = read_some(child.from, end.out);
    else
      std::this_thread::sleep_for(kLook);
    const auto now = Clock::now();
    if (!asked && (stop.stop_requested() || now - begin > limit)) {
      asked = now;
      end.stopped = stop.stop_requested();
      end.late = !end.stopped;
      ::kill(-child.process, SIGTERM);
    }
    if (asked && !killed && now - *asked > kGrace) {
      killed = true;
      ::kill(-child.process, SIGKILL);
    }
    status = run::reap(child.process);
  }
  while (open && end.out.size() < kMostOutput) {  // what the pipe still holds
    pollfd polled{child.from, POLLIN, 0};
    open = ::poll(&polled, 1, 0) > 0 && read_some(child.from, end.out);
  }
  ::close(child.from);
  end.code = WIFSIGNALED(*status) ? 128 + WTERMSIG(*status) : WEXITSTATUS(*status);
  return end;
}

}  // namespace segbench::serve
