// SPDX-License-Identifier: MIT
#include "harness/train/failure.h"

#include <c10/util/Exception.h>
#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <string_view>

#include "architectures/torch/torchscript.h"
#include "harness/core/error.h"
#include "harness/train/device_errors.h"
#include "harness/train/process_group.h"
#include "harness/train/stop_signal.h"
#include "harness/train/trainer.h"

namespace segbench::train {
namespace {

using core::FailureReason;
using core::TrialStatus;

trial::Ending failed(FailureReason reason, std::string message, int exit_code = core::kTrialFailed) {
  return {TrialStatus::kFailed, reason, std::move(message), exit_code};
}

FailureReason reason_of(DeviceTrouble trouble) {
  if (trouble == DeviceTrouble::kMemory) return FailureReason::kOutOfMemory;
  return trouble == DeviceTrouble::kUnusable ? FailureReason::kDevice : FailureReason::kError;
}

trial::Ending failed_with(std::string_view message) {
  return failed(reason_of(device_trouble(message)), architectures::cause_of(std::string(message)));
}

}  // namespace

trial::Ending ending_of(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const Interrupted& interrupted) {
    return {TrialStatus::kInterrupted, FailureReason::kNone,
            fmt::format("stopped by signal {}", interrupted.signal), 128 + interrupted.signal};
  } catch (const LostProcess& lost) {
    if (lost.reason != FailureReason::kNone) return failed(lost.reason, lost.message);
    return {TrialStatus::kInterrupted, FailureReason::kNone,
            lost.message + "; the trial goes on from its last checkpoint when it is run again",
            128 + SIGKILL};
  } catch (const Paused& paused) {
    return {TrialStatus::kInterrupted, FailureReason::kNone,
            fmt::format("paused after epoch {} of {}", paused.epoch, paused.epochs), core::kSuccess};
  } catch (const Diverged& diverged) {
    const char* value = diverged.is_nan ? "nan" : "inf";
    return failed(FailureReason::kDiverged,
                  diverged.what == "loss" ? fmt::format("the loss became {} in step {} of epoch {}", value,
                                                        diverged.step, diverged.epoch)
                                          : fmt::format("the {} became {} after step {} of epoch {}",
                                                        diverged.what, value, diverged.step, diverged.epoch));
  } catch (const std::bad_alloc&) {
    return failed(FailureReason::kOutOfMemory, "the machine's memory is used up");
  } catch (const c10::Error& error) {
    return failed_with(error.what_without_backtrace());
  } catch (const core::InternalError& error) {
    return failed(FailureReason::kError, fmt::format("internal error: {}", error.what()),
                  core::kInternalError);
  } catch (const std::exception& error) {
    return failed_with(error.what());
  }
}

void leave(int exit_code) {
  std::fflush(nullptr);
  std::_Exit(exit_code);
}

}  // namespace segbench::train
