// SPDX-License-Identifier: MIT
#include "results/exchange/output_folder.h"

#include <fmt/format.h>

#include <system_error>

#include "harness/core/error.h"

namespace segbench::exchange {

void require_new_folder(const std::filesystem::path& folder) {
  std::error_code error;
  if (std::filesystem::exists(folder) && !std::filesystem::is_empty(folder, error))
    throw core::UserError(
        fmt::format("{}: is there already and not empty; name a new folder", folder.string()));
  std::filesystem::create_directories(folder, error);
  if (error)
    throw core::UserError(fmt::format("{}: cannot be created: {}", folder.string(), error.message()),
                          core::kTrialFailed);
}

}  // namespace segbench::exchange
