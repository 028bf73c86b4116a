// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "results/store/sqlite.h"

namespace segbench::store {

/// Brings a database from version `to_version - 1` to `to_version`.
struct Migration {
  int to_version;
  std::string_view sql;
};

/// All steps, ascending from version 1. A change of the schema is a new step; a released one is never edited.
/// Views are no part of them (views.h).
std::span<const Migration> migrations();

/// The version that this program writes; `PRAGMA user_version` of its databases.
int schema_version();

/// Checks that the database is one of ours, and of a version that this program knows; throws core::UserError
/// otherwise. Returns the version it has: 0 for a new, empty file.
int check_version(Connection& connection);

/// Applies the steps that are missing, in one transaction, and puts `views` in the place of all views.
void migrate(Connection& connection, std::span<const Migration> steps, const std::string& views = "");

}  // namespace segbench::store
