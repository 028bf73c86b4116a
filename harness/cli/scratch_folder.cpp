// SPDX-License-Identifier: MIT
#include "harness/cli/scratch_folder.h"

#include <stdlib.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "harness/core/error.h"

namespace segbench::cli {

ScratchFolder::ScratchFolder(const std::filesystem::path& parent) {
  std::error_code ignored;  // mkdtemp tells
  std::filesystem::create_directories(parent, ignored);
  std::string name = (parent / ".segbench-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) {
    throw core::UserError(
        fmt::format("{}: a temporary folder cannot be created: {}", parent.string(), std::strerror(errno)),
        core::kTrialFailed);
  }
  path_ = name;
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace segbench::cli
