// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "tests/support/npy.h"
#include "tests/support/oracles.h"

namespace segbench::tests {

/// A table of scores [configuration, run, data set].
class ScoreTable {
 public:
  explicit ScoreTable(const OracleCase& oracle) : npy_(read_npy(oracle.beside(oracle.json.at("scores")))) {}

  std::int64_t data_sets() const { return npy_.shape.at(2); }
  /// The runs of one configuration on one data set.
  std::vector<double> runs(std::int64_t configuration, std::int64_t data_set) const {
    std::vector<double> values;
    for (std::int64_t run = 0; run < npy_.shape.at(1); ++run) {
      const std::int64_t index = (configuration * npy_.shape[1] + run) * npy_.shape[2] + data_set;
      values.push_back(npy_.values.at(static_cast<std::size_t>(index)));
    }
    return values;
  }

 private:
  Npy npy_;
};

inline void expect_value(const core::Json& wanted, const std::optional<double>& found,
                         const std::string& where, double tolerance) {
  if (wanted.is_null() || !found) {
    EXPECT_TRUE(wanted.is_null() && !found)
        << where << ": wanted " << wanted << (found ? "" : ", found nothing");
  } else {
    EXPECT_NEAR(wanted.get<double>(), *found, tolerance) << where;
  }
}

}  // namespace segbench::tests
