// SPDX-License-Identifier: MIT
#include "results/profiles/carry_in.h"

#include <fmt/format.h>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/streams.h"
#include "results/profiles/log.h"

namespace segbench::profiles {

namespace fs = std::filesystem;

namespace {

/// Copies a session, its log last: what has a log is whole, so a copy that is interrupted is made again.
void copy_session(const fs::path& session, const fs::path& target, std::error_code& error) {
  fs::create_directories(target, error);
  for (const auto& entry : fs::directory_iterator(session)) {
    if (error) return;
    if (entry.path().filename() == kProfileLog) continue;
    fs::copy(entry.path(), target / entry.path().filename(),
             fs::copy_options::recursive | fs::copy_options::overwrite_existing, error);
  }
  if (!error) core::write_file_atomically(target / kProfileLog, core::read_file(session / kProfileLog));
}

/// Whether the session there says all that the one here says, and more.
bool goes_on(const fs::path& here, const fs::path& there) {
  if (!fs::exists(here / kProfileLog)) return true;
  const std::string ours = core::read_file(here / kProfileLog), theirs = core::read_file(there / kProfileLog);
  return theirs.size() > ours.size() && theirs.starts_with(ours);
}

}  // namespace

std::vector<fs::path> carry_in_sessions(const fs::path& source, const fs::path& runs) {
  std::vector<fs::path> written;
  for (const fs::path& session : find_sessions(source)) {
    const fs::path target = runs / fs::relative(session, source);
    if (fs::weakly_canonical(session) == fs::weakly_canonical(target) || !goes_on(target, session)) continue;
    std::error_code error;
    copy_session(session, target, error);
    if (error)
      throw core::UserError(
          fmt::format("{}: cannot be copied: {}", session.string(), core::system_message(error.value())),
          core::kTrialFailed);
    written.push_back(target);
  }
  return written;
}

}  // namespace segbench::profiles
