// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstddef>

#include "harness/serve/listener.h"

namespace segbench::serve {

/// Reads one request from a connected socket, answers it and shuts the connection down; closing is the
/// caller's. `bodies_bytes` counts what the bodies of all connections take.
void serve_connection(int socket, const Handler& handler, const Limits& limits,
                      std::atomic<std::size_t>& bodies_bytes);

}  // namespace segbench::serve
