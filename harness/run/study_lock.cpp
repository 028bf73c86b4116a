// SPDX-License-Identifier: MIT
#include "harness/run/study_lock.h"

#include "harness/core/error.h"
#include "harness/core/text.h"

namespace segbench::run {

core::FileLock lock_study(const std::filesystem::path& study_folder) {
  const std::filesystem::path file = study_folder / "lock";
  if (auto lock = core::FileLock::try_acquire(file)) return std::move(*lock);
  throw core::UserError(fmt::format("{}: the study is being run by process {}; wait for it or end it first",
                                    study_folder.string(), core::trim(core::read_file(file))),
                        core::kTrialFailed);
}

}  // namespace segbench::run
