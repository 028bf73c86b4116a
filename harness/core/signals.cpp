// SPDX-License-Identifier: MIT
#include "harness/core/signals.h"

#include <csignal>

namespace segbench::core {

bool handle_unless_ignored(int signal, void (*handler)(int)) {
  struct sigaction action {};
  if (::sigaction(signal, nullptr, &action) == 0 && (action.sa_flags & SA_SIGINFO) == 0 &&
      action.sa_handler == SIG_IGN) {
    return false;
  }
  action = {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  return ::sigaction(signal, &action, nullptr) == 0;
}

}  // namespace segbench::core
