// SPDX-License-Identifier: MIT
#pragma once

#include <exception>
#include <string>

#include "harness/core/trial.h"

namespace segbench::train {

/// How an attempt ended, in the words of attempts.jsonl.
struct Ending {
  core::TrialStatus status = core::TrialStatus::kComplete;
  core::FailureReason reason = core::FailureReason::kNone;
  std::string message;  ///< one line
  int exit_code = 0;
};

/// Translates whatever stopped a trial: Interrupted, Diverged, lack of memory on either device, errors of
/// LibTorch (their first line), and our own.
Ending ending_of(const std::exception_ptr& failure);

}  // namespace segbench::train
