// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

namespace segbench::run {

/// While it lives, SIGINT, SIGTERM, SIGHUP and SIGUSR2 no longer end this process: they are counted and make
/// a descriptor readable, as does SIGCHLD; SIGPIPE is ignored. Those of the four that were ignored when it
/// was made (nohup) stay ignored. At most one object at a time. (Handlers and a pipe rather than signalfd,
/// because libraries may have started threads that do not block the signals.)
class SignalWatch {
 public:
  SignalWatch();
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;
  ~SignalWatch();

  /// For poll(): readable when a signal came.
  int descriptor() const;
  /// Empties the descriptor; returns the requests to end that came since the last call, in order.
  std::vector<int> take();
};

}  // namespace segbench::run
