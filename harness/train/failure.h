// SPDX-License-Identifier: MIT
#pragma once

#include <exception>

#include "harness/trial/attempt.h"

namespace segbench::train {

/// Translates whatever stopped a trial: Interrupted, Diverged, lack of memory on either device, a device that
/// cannot be used (device_errors.h), errors of LibTorch (their first line), and our own.
trial::Ending ending_of(const std::exception_ptr& failure);

}  // namespace segbench::train
