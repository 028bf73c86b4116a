// SPDX-License-Identifier: MIT
#include "harness/run/study_lock.h"

#include "harness/core/error.h"

namespace segbench::run {

core::FileLock lock_study(const std::filesystem::path& study_folder) {
  const std::filesystem::path file = study_folder / "lock";
  if (auto lock = core::FileLock::try_acquire(file)) return std::move(*lock);
  const core::LockOwner owner = core::FileLock::holder(file).value_or(core::LockOwner{});
  throw core::UserError(fmt::format("{}: the study is being run by {}; wait for it or end it first{}",
                                    study_folder.string(), describe(owner), core::how_to_free(file, owner)),
                        core::kTrialFailed);
}

}  // namespace segbench::run
