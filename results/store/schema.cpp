// SPDX-License-Identifier: MIT
#include "results/store/schema.h"

#include <fmt/format.h>

#include <array>
#include <string>

#include "harness/core/error.h"
#include "results/store/schema_v1.h"
#include "results/store/schema_v10.h"
#include "results/store/schema_v11.h"
#include "results/store/schema_v12.h"
#include "results/store/schema_v2.h"
#include "results/store/schema_v3.h"
#include "results/store/schema_v4.h"
#include "results/store/schema_v5.h"
#include "results/store/schema_v6.h"
#include "results/store/schema_v7.h"
#include "results/store/schema_v8.h"
#include "results/store/schema_v9.h"

namespace segbench::store {
namespace {

constexpr int kApplicationId = 0x53'45'47'42;  // "SEGB"
constexpr std::array<Migration, 12> kMigrations = {{{1, kSchemaV1},
                                                    {2, kSchemaV2},
                                                    {3, kSchemaV3},
                                                    {4, kSchemaV4},
                                                    {5, kSchemaV5},
                                                    {6, kSchemaV6},
                                                    {7, kSchemaV7},
                                                    {8, kSchemaV8},
                                                    {9, kSchemaV9},
                                                    {10, kSchemaV10},
                                                    {11, kSchemaV11},
                                                    {12, kSchemaV12}}};

/// A changed table would invalidate the views that read it.
void drop_views(Connection& connection) {
  std::string drops;
  Statement views(connection, "SELECT name FROM sqlite_master WHERE type = 'view'");
  while (views.step()) drops += fmt::format("DROP VIEW \"{}\";", views.view(0));
  connection.execute(drops);
}

}  // namespace

std::span<const Migration> migrations() {
  return kMigrations;
}

int schema_version() {
  return kMigrations.back().to_version;
}

int check_version(Connection& connection) {
  const auto application = connection.integer("PRAGMA application_id");
  const auto version = static_cast<int>(connection.integer("PRAGMA user_version"));
  const std::string file = connection.file().string();
  if (application != kApplicationId && connection.integer("SELECT count(*) FROM sqlite_master") > 0) {
    throw core::UserError(fmt::format("{}: a database of another program", file));
  }
  if (version > schema_version()) {
    throw core::UserError(
        fmt::format("{}: has schema version {}, but this program knows versions up to {}; use a newer "
                    "segbench or rebuild the file from the trials' logs with `segbench import --rebuild`",
                    file, version, schema_version()));
  }
  return version;
}

void migrate(Connection& connection, std::span<const Migration> steps, const std::string& views) {
  Transaction transaction(connection);
  drop_views(connection);
  // Read again inside the transaction: another process may have migrated in the meantime.
  const auto version = connection.integer("PRAGMA user_version");
  for (const Migration& step : steps) {
    if (step.to_version <= version) continue;
    connection.execute(std::string(step.sql));
    connection.execute(
        fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", kApplicationId, step.to_version));
  }
  connection.execute(views);
  transaction.commit();
}

}  // namespace segbench::store
