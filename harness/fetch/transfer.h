// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "harness/fetch/download.h"

namespace segbench::fetch {

/// How a transfer ended.
struct Transfer {
  enum class End { kDone, kStopped, kNothingLeft, kFailed };
  End end = End::kFailed;
  bool is_resumed = false;  ///< the server went on where the file ended
  std::string problem;      ///< of a failure: what happened
};

/// Appends to `part` what the server has behind its end; begins anew when the server cannot go on in the
/// middle. kNothingLeft: the server says that the file already has everything (or more than that).
Transfer transfer(const Request& request, const std::filesystem::path& part);

}  // namespace segbench::fetch
