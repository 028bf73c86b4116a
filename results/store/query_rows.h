// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

#include "harness/core/background.h"
#include "results/store/sqlite.h"

// What the questions to the store have in common.

namespace segbench::store {

/// Throws core::UserError: the store holds what it cannot hold.
[[noreturn]] void fail_damaged(const Connection& connection, std::string_view text);

core::Background background_in(const Statement& row, int column);

/// Of the trials with this id the complete one: studies may share a trial. Throws core::UserError when there
/// is none.
std::int64_t trial_number(const Connection& connection, std::string_view trial_id);

}  // namespace segbench::store
