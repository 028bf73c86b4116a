// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>

namespace segbench::core {

/// Calls work(0), …, work(count - 1) from as many threads as the machine has, at most 16. The first exception
/// ends the work and is thrown again here.
void in_parallel(std::size_t count, const std::function<void(std::size_t)>& work);

}  // namespace segbench::core
