// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reports/figures/figure.h"

namespace segbench::reports {

/// A variant: a cost against its score.
struct CostMark {
  const Entry* entry = nullptr;
  double cost = 0;
  std::optional<Interval> cost_interval;
};

/// How costs are written.
struct CostAxis {
  const Front* front = nullptr;  ///< that is drawn
  std::string title;
  std::vector<double> (*round)(double low, double high) = nullptr;  ///< costs that read as round, ascending
  std::string (*tic)(double cost) = nullptr;                        ///< short, at the axis
  std::string (*text)(double cost) = nullptr;                       ///< in a sentence
};

/// The score of each variant against a cost, on a logarithmic axis. Nothing for fewer than two marks.
std::optional<Plot> draw_scatter(const ReportModel& model, const std::string& name,
                                 const std::vector<CostMark>& marks, const CostAxis& cost_axis);

/// The front of a cost of trials; nullptr when there is none.
const Front* find_front(const ReportModel& model, const std::string& cost);

/// 1, 2 and 5 times the powers of ten within [low, high].
std::vector<double> round_numbers(double low, double high);

}  // namespace segbench::reports
