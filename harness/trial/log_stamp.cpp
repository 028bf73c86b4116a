// SPDX-License-Identifier: MIT
#include "harness/trial/log_stamp.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "harness/core/trial.h"

namespace segbench::trial {
namespace {

constexpr std::int64_t kCoarsestClock = 2;  ///< seconds: the coarsest time that a file system keeps
constexpr std::array<const char*, 2> kLogs = {core::kEventsFile, core::kAttemptsFile};

void add(std::string& text, std::int64_t number) {
  std::array<char, 24> digits;
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  text.append(digits.data(), end).append(1, ' ');
}

void add(std::string& text, const timespec& time) {
  add(text, time.tv_sec);
  add(text, time.tv_nsec);
}

/// Calls `see` with each log that is there and with the folder (null), and what the system tells of it.
template <typename See>
void look_at(const std::filesystem::path& trial_folder, See see) {
  std::string file = trial_folder.native() + '/';
  const std::size_t folder = file.size();
  struct stat found {};
  if (::stat(file.c_str(), &found) == 0) see(nullptr, found);
  for (const char* log : kLogs) {
    file.resize(folder);
    if (::stat(file.append(log).c_str(), &found) == 0) see(log, found);
  }
}

}  // namespace

LogStamp read_stamp(const std::filesystem::path& trial_folder) {
  LogStamp stamp;
  look_at(trial_folder, [&](const char* log, const struct stat& found) {
    if (log == nullptr) return add(stamp.place, found.st_mtim);
    stamp.content += log[0];
    add(stamp.content, found.st_size);
    add(stamp.content, found.st_mtim);
    add(stamp.place, static_cast<std::int64_t>(found.st_ino));
    add(stamp.place, found.st_ctim);
  });
  return stamp;
}

bool is_settled(const std::filesystem::path& trial_folder, const TrialStanding& standing, std::time_t now) {
  const bool has_ended =
      standing.status == core::TrialStatus::kComplete || standing.status == core::TrialStatus::kFailed;
  if (!has_ended || standing.log.state == LogState::kNewer) return false;
  std::int64_t last = 0;
  look_at(trial_folder, [&](const char*, const struct stat& found) {
    last = std::max({last, std::int64_t{found.st_mtim.tv_sec}, std::int64_t{found.st_ctim.tv_sec}});
  });
  return last + kCoarsestClock < std::int64_t{now};
}

}  // namespace segbench::trial
