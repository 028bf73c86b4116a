// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "results/conclusions/inputs.h"

// A study's trials as the formats of other tools see them: settings, series over the epochs, and what the
// final evaluation found.

namespace segbench::exchange {

struct Point {
  std::int64_t step = 0;  ///< epoch
  double seconds = 0;     ///< since 1970: when the trial began, and the training time up to there
  double value = 0;
};

struct Series {
  std::string name;  ///< "train/loss", "selection/miou", "final/test/miou"
  std::vector<Point> points;
};

struct TrialSeries {
  const conclusions::TrialInputs* trial = nullptr;
  std::string name;                             ///< "small, seed 1"; unique in its study
  std::string folder;                           ///< the same as a safe_name(), as unique
  double started = 0, ended = 0;                ///< seconds since 1970
  std::map<std::string, std::string> settings;  ///< the resolved variant, by dotted key
  std::vector<Series> series;                   ///< every one has a point
};

/// Of every trial that has begun; valid as long as `inputs` is.
std::vector<TrialSeries> series_of(const conclusions::StudyInputs& inputs);

/// Seconds since 1970 of a UTC time stamp such as "2026-11-29T10:00:00Z"; 0 for what is none.
double seconds_of(const std::string& timestamp);

/// A name for a folder: letters of any script, digits, '-', '.', ',' and blanks, others as '_'; shortened in
/// the middle where it is long.
std::string safe_name(const std::string& name);

}  // namespace segbench::exchange
