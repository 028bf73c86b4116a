// SPDX-License-Identifier: MIT
#include "results/store/query_rows.h"

#include <fmt/format.h>

#include "harness/core/error.h"

namespace segbench::store {

void fail_damaged(const Connection& connection, std::string_view text) {
  throw core::UserError(
      fmt::format("{}: the file is damaged: it holds \"{}\"; rebuild it from the trials' logs with "
                  "`segbench import --rebuild`",
                  connection.file().string(), text.substr(0, 40)),
      core::kTrialFailed);
}

core::Background background_in(const Statement& row, int column) {
  const auto index = row.optional_integer(column);
  return index ? core::Background(static_cast<int>(*index)) : std::nullopt;
}

std::int64_t trial_number(const Connection& connection, std::string_view trial_id) {
  Statement select(
      connection,
      "SELECT trial FROM trials WHERE trial_id = ? ORDER BY status = 'complete' DESC, trial LIMIT 1");
  select.bind(trial_id);
  if (!select.step())
    throw core::UserError(fmt::format("{}: there is no trial {}", connection.file().string(), trial_id));
  return select.integer(0);
}

}  // namespace segbench::store
