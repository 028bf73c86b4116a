// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "harness/profile/session.h"

namespace segbench::cli {

/// Tells on stderr how a profile goes on: with a bar and the time left on a terminal, else a line for each
/// row and every tenth round; nothing but failures when `quiet`.
std::unique_ptr<profile::SessionObserver> make_profile_display(double seconds, double median_within,
                                                               bool quiet);

}  // namespace segbench::cli
