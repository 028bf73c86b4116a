// SPDX-License-Identifier: MIT
#pragma once

#include <exception>

#include "harness/trial/attempt.h"

namespace segbench::train {

/// Translates whatever stopped a trial: Interrupted, Diverged, lack of memory on either device, a device that
/// cannot be used (device_errors.h), errors of LibTorch (their first line), and our own.
trial::Ending ending_of(const std::exception_ptr& failure);

/// Ends the process as it is. Tensors on a device that has failed are not released: that asks the device, and
/// an error of its in a destructor would end the process in another way than was recorded.
[[noreturn]] void leave(int exit_code);

}  // namespace segbench::train
