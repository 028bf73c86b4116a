// SPDX-License-Identifier: MIT
#pragma once

namespace segbench::train {

/// From now on SIGINT, SIGTERM and SIGHUP, those of them that were not ignored at the start, are only noted:
/// all that come are one request. Writing into a closed pipe is an error, not a signal.
void watch_stop_signals();

/// The signal that asked for a stop, or 0.
int stop_signal();

/// Has the kernel send SIGUSR1, taken as one request to stop, when the thread that started this process ends,
/// so that no trial trains on unwatched.
void stop_with_parent();

/// Has this process end when the one that started it does, and only then: signals to a whole group are for
/// that one to answer.
void follow_parent();

/// Thrown at the next safe point once a stop was asked for.
struct Interrupted {
  int signal;
};

/// Throws Interrupted when a stop was asked for.
void check_stop_signal();

}  // namespace segbench::train
