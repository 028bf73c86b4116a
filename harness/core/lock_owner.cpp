// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <random>
#include <sstream>

#include "harness/core/file_lock.h"
#include "harness/core/machine.h"

namespace segbench::core {
namespace {

constexpr std::string_view kNone = "-";

std::string text_of(const char* variable) {
  const char* value = std::getenv(variable);
  return value == nullptr ? "" : value;
}

int number_of(const std::string& text) {
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

/// Field 22 of /proc/PID/stat; 0 when there is no such process.
std::uint64_t start_of(int process) {
  std::ifstream in("/proc/" + std::to_string(process) + "/stat");
  std::string text;
  std::getline(in, text);
  const std::size_t name_end = text.rfind(')');  // the name may hold blanks
  if (name_end == std::string::npos) return 0;
  std::istringstream fields(text.substr(name_end + 1));
  std::string skipped;
  for (int field = 3; field < 22; ++field) fields >> skipped;
  std::uint64_t ticks = 0;
  fields >> ticks;
  return ticks;
}

}  // namespace

LockOwner this_owner() {
  std::random_device random;
  return {.process = ::getpid(),
          .host = host_name(),
          .nonce = fmt::format("{:08x}{:08x}", random(), random()),
          .job = text_of("SLURM_JOB_ID"),
          .restarts = number_of(text_of("SLURM_RESTART_COUNT")),
          .started_at = start_of(::getpid())};
}

std::string to_line(const LockOwner& owner) {
  const auto word = [](const std::string& text) { return text.empty() ? std::string(kNone) : text; };
  return fmt::format("{} {} {} {} {} {}\n", owner.process, word(owner.host), word(owner.nonce),
                     word(owner.job), owner.restarts, owner.started_at);
}

LockOwner parse_lock_owner(std::string_view line) {
  std::istringstream in{std::string(line)};
  LockOwner owner;
  in >> owner.process >> owner.host >> owner.nonce >> owner.job >> owner.restarts >> owner.started_at;
  for (std::string* word : {&owner.host, &owner.nonce, &owner.job}) {
    if (*word == kNone) word->clear();
  }
  return owner;
}

std::string describe(const LockOwner& owner) {
  if (owner.process == 0) return "another process";
  const std::string host = owner.host.empty() ? "" : " on host " + owner.host;
  const std::string job = owner.job.empty() ? "" : fmt::format(" (Slurm job {})", owner.job);
  return fmt::format("process {}{}{}", owner.process, host, job);
}

bool is_gone(const LockOwner& owner, const LockOwner& us) {
  if (!owner.job.empty() && owner.job == us.job && us.restarts > owner.restarts) return true;
  if (owner.process <= 0 || owner.host != us.host) return false;
  if (::kill(owner.process, 0) != 0 && errno == ESRCH) return true;
  return owner.started_at != 0 && start_of(owner.process) != owner.started_at;  // its number was used again
}

}  // namespace segbench::core
