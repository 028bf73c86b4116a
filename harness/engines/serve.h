// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <iosfwd>
#include <memory>

#include "architectures/graph/engine.h"
#include "harness/engines/protocol.h"

namespace segbench::engines {

/// An engine program in C++: what it is, and how it loads a network. `load` may throw; the message is the
/// answer.
struct Served {
  Description description;
  std::function<std::unique_ptr<architectures::Engine>(const LoadRequest&)> load;
};

/// Answers requests until "quit" or the end of `in`. An error of an engine is an answer, not an end.
void serve(const Served& served, std::istream& in, std::ostream& out);

/// Calls `talk` with the standard streams of this process; whatever else is printed meanwhile goes to
/// standard error. A line is written when it is flushed.
void on_standard_streams(const std::function<void(std::istream&, std::ostream&)>& talk);

/// serve() on the standard streams.
void serve_standard_streams(const Served& served);

}  // namespace segbench::engines
