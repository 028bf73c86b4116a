// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace segbench::statistics {

struct Interval {
  double low = 0, high = 0;
  bool operator==(const Interval&) const = default;
};

/// What a sample of scores is summarised by. Nothing of an empty sample is defined; spread needs two values.
struct Summary {
  std::int64_t n = 0;
  std::optional<double> mean, median, minimum, maximum;
  std::optional<double> q25, q75;    ///< quantile()
  std::optional<double> iqm;         ///< interquartile_mean()
  std::optional<double> sd;          ///< with n - 1
  std::optional<double> sem;         ///< sd / sqrt(n)
  std::optional<Interval> interval;  ///< 95%: mean ± t(0.975, n - 1) sd / sqrt(n)
};
Summary summarise(std::span<const double> values);

std::optional<double> mean(std::span<const double> values);
/// With n - 1, about the mean; undefined below two values.
std::optional<double> standard_deviation(std::span<const double> values);
/// Linear interpolation between order statistics at position p (n - 1): type 7 of Hyndman and Fan (1996), the
/// default of R and NumPy. `p` in [0, 1].
std::optional<double> quantile(std::span<const double> values, double p);
/// Mean after floor(n / 4) values are dropped at each end (Agarwal et al., NeurIPS 2021).
std::optional<double> interquartile_mean(std::span<const double> values);
/// Two-sided interval of a mean by Student's t; undefined below two values. `level` in (0, 1).
std::optional<Interval> t_interval(std::span<const double> values, double level = 0.95);

}  // namespace segbench::statistics
