// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>

namespace segbench::core {

/// Seconds from a moment until now.
inline double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// The same in nanoseconds.
inline std::int64_t nanoseconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::nanoseconds(std::chrono::steady_clock::now() - start).count();
}

}  // namespace segbench::core
