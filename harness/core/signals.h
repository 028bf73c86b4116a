// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace segbench::core {

/// Has `handler` called on a signal, restarting what it interrupted, unless this process was started with the
/// signal ignored (`nohup` does that to SIGHUP, a shell to the SIGINT of its background jobs): then it stays
/// ignored. Returns whether the handler was set. Not to be asked again about a signal that Segbench itself
/// ignores.
bool handle_unless_ignored(int signal, void (*handler)(int));

/// "SIGSEGV (Segmentation fault)".
std::string describe_signal(int signal);

}  // namespace segbench::core
