// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

#include "harness/core/error.h"
#include "harness/run/outcome.h"
#include "harness/run/signals.h"

namespace segbench::cli {

/// Requests to end (Ctrl-C), from here on; and an engine that has ended does not end us by SIGPIPE.
class Interrupts {
 public:
  /// The last one; 0 while there is none.
  int signal() {
    for (const int request : signals_.take()) signal_ = request;
    return signal_;
  }
  std::function<bool()> asked() {
    return [this] { return signal() != 0; };
  }

 private:
  run::SignalWatch signals_;
  int signal_ = 0;
};

/// What `work` gives. Where it fails because we were interrupted, that is what is told.
template <typename Work>
auto unless_interrupted(Interrupts& interrupts, const Work& work) {
  try {
    return work();
  } catch (const core::UserError&) {
    if (interrupts.signal() == 0) throw;
    throw core::UserError("interrupted", run::kSignalBase + interrupts.signal());
  }
}

}  // namespace segbench::cli
