// SPDX-License-Identifier: MIT
#include "harness/profile/engine_link.h"

#include <fmt/format.h>
#include <poll.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <thread>
#include <utility>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/read_end.h"
#include "harness/core/text.h"
#include "harness/run/child.h"
#include "harness/run/worker.h"

namespace segbench::profile {
namespace {

using core::Json;

constexpr std::int64_t kInterruptMilliseconds = 200;
constexpr std::chrono::seconds kGrace{2};  // for an engine whose pipe is closed, to end by itself

/// The first CPUs of this process alone, until it is destroyed: children inherit them.
class FirstCpus {
 public:
  explicit FirstCpus(int count) {
    ::sched_getaffinity(0, sizeof(all_), &all_);
    cpu_set_t some;
    CPU_ZERO(&some);
    for (int cpu = 0; cpu < CPU_SETSIZE && count > 0; ++cpu) {
      if (!CPU_ISSET(cpu, &all_)) continue;
      CPU_SET(cpu, &some);
      --count;
    }
    ::sched_setaffinity(0, sizeof(some), &some);
  }
  FirstCpus(const FirstCpus&) = delete;
  FirstCpus& operator=(const FirstCpus&) = delete;
  ~FirstCpus() { ::sched_setaffinity(0, sizeof(all_), &all_); }

 private:
  cpu_set_t all_{};
};

std::string describe_status(int status) {
  if (WIFSIGNALED(status)) {
    const int signal = WTERMSIG(status);
    return fmt::format("it was killed by signal {}{}", signal,
                       signal == SIGKILL ? " (often for want of memory)" : "");
  }
  return fmt::format("it ended with exit code {}", WEXITSTATUS(status));
}

/// The last line of a log that says something, "" when none does.
std::string last_words(const std::filesystem::path& log) {
  constexpr std::size_t kEnd = 1 << 16;
  std::string words;
  for (const std::string& line : core::split(core::read_end(log, kEnd), '\n')) {
    if (!core::trim(line).empty()) words = core::trim(line);
  }
  return words.substr(0, 300);
}

class EngineProcess : public EngineLink {
 public:
  EngineProcess(const std::vector<std::string>& command, std::filesystem::path log, int threads,
                std::function<bool()> interrupted)
      : log_(std::move(log)), interrupted_(std::move(interrupted)) {
    run::let_waiting_threads_sleep();
    ::setenv("KMP_BLOCKTIME", "1", /*overwrite=*/0);  // milliseconds, of Intel's OpenMP
    const FirstCpus pinned(threads);
    child_ = run::start_talker(command, log_);
  }

  ~EngineProcess() override {
    ::close(child_.to);
    ::close(child_.from);
    if (!ended_) end(std::chrono::seconds(0));
  }

  Json ask(const Json& request, std::chrono::seconds patience) override {
    send(request.dump() + '\n');
    const Json answer = Json::parse(read_line(patience), nullptr, /*allow_exceptions=*/false);
    if (!answer.is_object()) throw core::UserError("its answer is no JSON object");
    const auto said = [&](const char* key) { return answer.contains(key) ? answer.at(key) : Json(); };
    if (said("ok") == true) return answer;
    const Json words = said("error"), code = said("code");
    throw core::UserError(words.is_string() ? words.get<std::string>() : "it says no",
                          code.is_number_integer() ? code.get<int>() : int{core::kUsage});
  }

  std::optional<std::int64_t> peak_bytes() const override {
    const std::string text = system_text("status");
    constexpr std::string_view kKey = "VmHWM:";
    const std::size_t at = text.find(kKey);
    if (at == std::string::npos) return std::nullopt;
    return std::int64_t{1024} * std::atoll(text.c_str() + at + kKey.size());
  }

  std::optional<double> cpu_seconds() const override {
    const std::string text = system_text("stat");
    if (text.empty()) return std::nullopt;
    // Behind the program's name in parentheses: utime and stime are the 12th and 13th fields (proc(5)).
    const std::vector<std::string> fields = core::split(text.substr(text.rfind(')') + 2), ' ');
    if (fields.size() < 13) return std::nullopt;
    return (std::stod(fields[11]) + std::stod(fields[12])) / static_cast<double>(::sysconf(_SC_CLK_TCK));
  }

 private:
  /// /proc/PROCESS/NAME; "" when it is not there.
  std::string system_text(const char* name) const {
    if (ended_) return "";
    try {
      return core::read_file(fmt::format("/proc/{}/{}", child_.process, name));
    } catch (const core::UserError&) {
      return "";
    }
  }

  /// Ends the process and what it has started. Its status where it comes to its own end within `grace`.
  std::optional<int> end(std::chrono::seconds grace) {
    const auto deadline = std::chrono::steady_clock::now() + grace;
    siginfo_t own{};
    // It is not waited for before its group is killed: until then no other group has its number.
    while (::waitid(P_PID, static_cast<id_t>(child_.process), &own, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           own.si_pid == 0 && std::chrono::steady_clock::now() < deadline)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    ::kill(-child_.process, SIGKILL);
    ended_ = true;
    int status = 0;
    pid_t found = 0;
    while ((found = ::waitpid(child_.process, &status, 0)) < 0 && errno == EINTR) {
    }
    return own.si_pid != 0 && found == child_.process ? std::optional(status) : std::nullopt;
  }

  [[noreturn]] void fail_ended() {
    const std::optional<int> status = end(kGrace);
    const std::string how = status ? describe_status(*status) : "it no longer answers";
    const std::string words = last_words(log_);
    throw core::UserError(words.empty() ? how : fmt::format("{}: {}", how, words), core::kTrialFailed);
  }

  void send(const std::string& line) {
    if (ended_) throw core::UserError("it has ended", core::kTrialFailed);
    for (std::size_t written = 0; written < line.size();) {
      const ssize_t n = ::write(child_.to, line.data() + written, line.size() - written);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) fail_ended();
      written += static_cast<std::size_t>(n);
    }
  }

  std::string read_line(std::chrono::seconds patience) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    for (;;) {
      if (const std::size_t end = read_.find('\n'); end != std::string::npos) {
        std::string line = read_.substr(0, end);
        read_.erase(0, end + 1);
        return line;
      }
      const auto left =
          std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
      const bool is_late = left.count() <= 0;
      if (is_late || (interrupted_ && interrupted_())) {
        end(std::chrono::seconds(0));
        throw core::UserError(is_late ? fmt::format("no answer in {} s", patience.count()) : "interrupted",
                              core::kTrialFailed);
      }
      const std::int64_t longest = interrupted_ ? kInterruptMilliseconds : 1'000'000;
      pollfd polled{child_.from, POLLIN, 0};
      if (::poll(&polled, 1, static_cast<int>(std::min<std::int64_t>(left.count(), longest))) <= 0) continue;
      std::array<char, 1 << 16> block;
      const ssize_t n = ::read(child_.from, block.data(), block.size());
      if (n == 0) fail_ended();
      if (n > 0) read_.append(block.data(), static_cast<std::size_t>(n));
    }
  }

  std::filesystem::path log_;
  std::function<bool()> interrupted_;
  run::Talker child_;
  std::string read_;  ///< behind the last line that was taken
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<EngineLink> start_engine(const std::vector<std::string>& command,
                                         const std::filesystem::path& log, int threads,
                                         std::function<bool()> interrupted) {
  return std::make_unique<EngineProcess>(command, log, threads, std::move(interrupted));
}

}  // namespace segbench::profile
