// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string_view>

namespace segbench::profile {

/// A file of harness/profile/engines, compiled into the program (cmake/embed.cmake).
struct Script {
  std::string_view name, text;
};

std::span<const Script> engine_scripts();

}  // namespace segbench::profile
