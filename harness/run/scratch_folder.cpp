// SPDX-License-Identifier: MIT
#include "harness/run/scratch_folder.h"

#include <stdlib.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <system_error>

#include "harness/core/error.h"
#include "harness/core/streams.h"

namespace segbench::run {

ScratchFolder::ScratchFolder(const std::filesystem::path& parent) {
  std::error_code ignored;  // mkdtemp tells
  std::filesystem::create_directories(parent, ignored);
  std::string name = (parent / ".segbench-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) {
    throw core::UserError(fmt::format("{}: a temporary folder cannot be created: {}", parent.string(),
                                      core::system_message(errno)),
                          core::kTrialFailed);
  }
  path_ = name;
}

std::filesystem::path temporary_folder() {
  const char* chosen = std::getenv("TMPDIR");
  const std::filesystem::path folder = chosen != nullptr && *chosen != '\0' ? chosen : "/tmp";
  std::error_code ignored;
  if (!std::filesystem::is_directory(folder, ignored)) {
    throw core::UserError(
        fmt::format("{}: no folder for temporary files; set TMPDIR to one that exists", folder.string()),
        core::kTrialFailed);
  }
  return folder;
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace segbench::run
