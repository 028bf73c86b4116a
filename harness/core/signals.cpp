// SPDX-License-Identifier: MIT
#include "harness/core/signals.h"

#include <fmt/format.h>

#include <csignal>
#include <cstring>

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

std::string describe_signal(int signal) {
  const char* name = ::sigabbrev_np(signal);
  const char* description = ::sigdescr_np(signal);
  if (name == nullptr || description == nullptr) return fmt::format("signal {}", signal);
  return fmt::format("SIG{} ({})", name, description);
}

}  // namespace segbench::core
