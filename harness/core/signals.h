// SPDX-License-Identifier: MIT
#pragma once

namespace segbench::core {

/// Has `handler` called on a signal, restarting what it interrupted, unless this process was started with the
/// signal ignored (`nohup` does that to SIGHUP, a shell to the SIGINT of its background jobs): then it stays
/// ignored. Returns whether the handler was set. Not to be asked again about a signal that Segbench itself
/// ignores.
bool handle_unless_ignored(int signal, void (*handler)(int));

}  // namespace segbench::core
