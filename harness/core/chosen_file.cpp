// SPDX-License-Identifier: MIT
#include "harness/core/chosen_file.h"

#include <fmt/format.h>

#include "harness/core/error.h"
#include "harness/core/hash.h"

namespace segbench::core {

void require_unchanged(const FileChoice& chosen) {
  const std::string found = sha256_file(chosen.path);
  if (found == chosen.sha256) return;
  throw UserError(
      fmt::format("{}: the file has changed: its SHA-256 is {}, but the trial was planned with {}",
                  chosen.path, found, chosen.sha256));
}

}  // namespace segbench::core
