// SPDX-License-Identifier: MIT
#pragma once

#include <fmt/format.h>

#include <cmath>
#include <string>
#include <vector>

#include "harness/core/random.h"
#include "results/profiles/log.h"

namespace segbench::profiles::tests {

/// A finished profile of rows whose typical times are `seconds`: rounds share a drift, every iteration has
/// noise and now and then an outlier.
inline ProfileLog made_up_log(const std::vector<double>& seconds, std::uint64_t seed, int rounds = 12,
                              int iterations = 5) {
  ProfileLog log;
  log.header = {{"name", "made-up"},
                {"question", ""},
                {"session", "s"},
                {"settings", core::Json::object()},
                {"machine", core::Json::object()},
                {"notes", core::Json::array()},
                {"time", ""}};
  log.finished = "rounds";
  log.attempts = 1;
  for (std::size_t i = 0; i < seconds.size(); ++i) {
    RowLog& row = log.rows.emplace_back();
    row.id = fmt::format("row{}", i);
    row.facts = {{"row", row.id},
                 {"model", fmt::format("model {}", i)},
                 {"network", i},
                 {"engine", "eager"},
                 {"batch", 2},
                 {"height", 32},
                 {"width", 32},
                 {"precision", "float32"},
                 {"memory_format", "contiguous"},
                 {"device", "cpu"},
                 {"threads", 1}};
  }
  for (int round = 1; round <= rounds; ++round) {
    core::Stream drift(seed, core::Purpose::kBootstrap, "drift", 0, static_cast<std::uint64_t>(round));
    const double slower = std::exp(0.2 * drift.normal());
    for (std::size_t i = 0; i < seconds.size(); ++i) {
      core::Stream stream(seed, core::Purpose::kBootstrap, log.rows[i].id, 0,
                          static_cast<std::uint64_t>(round));
      Visit visit{.round = round, .seconds = {}, .stages = {}, .machine = {}, .disturbed = false};
      for (int k = 0; k < iterations; ++k) {
        const double outlier = stream.coin(0.05) ? 2 : 1;
        visit.seconds.push_back(seconds[i] * slower * outlier * std::exp(0.05 * stream.normal()));
      }
      log.rows[i].visits.push_back(std::move(visit));
    }
    log.rounds[round] = 1;
    log.last_round = round;
  }
  return log;
}

}  // namespace segbench::profiles::tests
