// SPDX-License-Identifier: MIT
#include "results/exchange/output_folder.h"

#include <fmt/format.h>

#include <system_error>

#include "harness/core/abandoned.h"
#include "harness/core/error.h"

namespace segbench::exchange {
namespace {

namespace fs = std::filesystem;

void require_created(const fs::path& folder, const std::error_code& error) {
  if (error)
    throw core::UserError(fmt::format("{}: cannot be created: {}", folder.string(), error.message()),
                          core::kTrialFailed);
}

}  // namespace

NewFolder::NewFolder(const fs::path& place) : place_(fs::weakly_canonical(fs::absolute(place))) {
  if (!place_.has_filename()) place_ = place_.parent_path();
  std::error_code error;
  if (fs::exists(place_) && !(fs::is_directory(place_) && fs::is_empty(place_, error)))
    throw core::UserError(
        fmt::format("{}: is there already and not empty; name a new folder", place.string()));
  core::remove_abandoned(place_);
  path_ = core::temporary_neighbour(place_);
  fs::remove_all(path_, error);
  fs::create_directories(path_, error);
  require_created(place, error);
}

NewFolder::~NewFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

void NewFolder::put_in_place() {
  std::error_code error;
  fs::rename(path_, place_, error);  // over an empty folder, too
  require_created(place_, error);
}

}  // namespace segbench::exchange
