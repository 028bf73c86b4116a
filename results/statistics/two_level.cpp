// SPDX-License-Identifier: MIT
#include "results/statistics/two_level.h"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

#include "harness/core/error.h"
#include "results/statistics/bootstrap.h"

namespace segbench::statistics {
namespace {

/// The two-way analysis of variance.
struct MeanSquares {
  double seeds = 0, images = 0, residual = 0;
};

MeanSquares mean_squares(const SeedsByImages& values) {
  const std::size_t s = values.size(), i = values[0].size();
  const auto num_seeds = static_cast<double>(s), num_images = static_cast<double>(i);
  std::vector<double> of_seed(s, 0.0), of_image(i, 0.0);
  double grand = 0;
  for (std::size_t a = 0; a < s; ++a) {
    SEGBENCH_CHECK(values[a].size() == i, "{} and {} images", values[a].size(), i);
    for (std::size_t b = 0; b < i; ++b) {
      of_seed[a] += values[a][b] / num_images;
      of_image[b] += values[a][b] / num_seeds;
      grand += values[a][b] / (num_seeds * num_images);
    }
  }
  MeanSquares squares;
  for (const double m : of_seed) squares.seeds += num_images * std::pow(m - grand, 2) / (num_seeds - 1);
  for (const double m : of_image) squares.images += num_seeds * std::pow(m - grand, 2) / (num_images - 1);
  for (std::size_t a = 0; a < s; ++a) {
    for (std::size_t b = 0; b < i; ++b)
      squares.residual += std::pow(values[a][b] - of_seed[a] - of_image[b] + grand, 2);
  }
  squares.residual /= (num_seeds - 1) * (num_images - 1);
  return squares;
}

/// Sums that run side by side, so that a compiler may use vector instructions.
constexpr std::size_t kLanes = 16;

double dot(const std::vector<float>& a, const std::vector<float>& b) {
  float lanes[kLanes] = {};
  for (std::size_t i = 0; i < a.size(); i += kLanes) {
    for (std::size_t k = 0; k < kLanes; ++k) lanes[k] += a[i + k] * b[i + k];
  }
  double sum = 0;
  for (const float lane : lanes) sum += lane;
  return sum;
}

/// Resamples beyond an end of the interval that its percentile is told by.
constexpr double kLeastBeyond = 25;

using PaddedRows = std::vector<std::vector<float>>;

std::vector<PaddedRows> padded_rows(std::span<const SeedsByImages> tables) {
  const std::size_t s = tables[0].size(), i = tables[0][0].size();
  std::vector<PaddedRows> padded;
  for (const SeedsByImages& table : tables) {
    SEGBENCH_CHECK(table.size() == s, "{} and {} seeds", table.size(), s);
    PaddedRows& rows = padded.emplace_back();
    for (const std::vector<double>& row : table) {
      SEGBENCH_CHECK(row.size() == i, "{} and {} images", row.size(), i);
      rows.emplace_back(row.begin(), row.end()).resize((i + kLanes - 1) / kLanes * kLanes, 0.0F);
    }
  }
  return padded;
}

std::optional<TwoLevel> from_means(const SeedsByImages& values, const std::vector<double>& means,
                                   double level) {
  const std::optional<VarianceSplit> variance = split_variance(values);
  const std::optional<double> spread = standard_deviation(means);
  if (!variance || variance->of_mean <= 0 || !spread || *spread == 0) return std::nullopt;
  TwoLevel result;
  result.variance = *variance;
  for (const std::vector<double>& row : values)
    result.mean += *mean(row) / static_cast<double>(values.size());
  const double tail = (1 - level) / 2;
  const double t = quantile(complement(boost::math::students_t(std::max(variance->df, 1.0)), tail));
  if (tail * static_cast<double>(means.size()) < kLeastBeyond) {
    const double reach = t * std::sqrt(variance->of_mean);
    result.interval = {result.mean - reach, result.mean + reach};
    return result;
  }
  const double z = quantile(complement(boost::math::normal(), tail));
  const double stretch = t / z * std::sqrt(variance->of_mean) / *spread;
  const Interval percentiles = *percentile_interval(means, level);
  result.interval = {result.mean + stretch * (percentiles.low - result.mean),
                     result.mean + stretch * (percentiles.high - result.mean)};
  return result;
}

}  // namespace

std::optional<VarianceSplit> split_variance(const SeedsByImages& values) {
  if (values.size() < 2 || values[0].size() < 2) return std::nullopt;
  const auto s = static_cast<double>(values.size()), i = static_cast<double>(values[0].size());
  const MeanSquares squares = mean_squares(values);
  VarianceSplit split;
  split.seed = std::max(0.0, (squares.seeds - squares.residual) / i);
  split.image = std::max(0.0, (squares.images - squares.residual) / s);
  split.residual = squares.residual;
  // Where a part is estimated below 0, its mean square is noise of the others and leaves the sum.
  const double seeds = split.seed > 0 ? squares.seeds : 0, images = split.image > 0 ? squares.images : 0;
  const double residual = (split.seed > 0 && split.image > 0 ? -1
                           : split.seed + split.image > 0    ? 0
                                                             : 1) *
                          squares.residual;
  const double sum = seeds + images + residual;
  split.of_mean = sum / (s * i);
  const double spread =
      seeds * seeds / (s - 1) + images * images / (i - 1) + residual * residual / ((s - 1) * (i - 1));
  if (spread > 0) split.df = sum * sum / spread;
  return split;
}

std::vector<std::vector<double>> two_level_means(std::span<const SeedsByImages> tables, core::Stream& stream,
                                                 std::int64_t replicates) {
  if (tables.empty()) return {};
  const std::size_t s = tables[0].size(), i = tables[0].at(0).size();
  const std::vector<PaddedRows> padded(padded_rows(tables));
  std::vector<float> drawn((i + kLanes - 1) / kLanes * kLanes);
  std::vector<double> times(s);
  const double scale = 1 / (static_cast<double>(s) * static_cast<double>(i));
  std::vector<std::vector<double>> means(tables.size());
  for (std::int64_t r = 0; r < replicates; ++r) {
    std::fill(drawn.begin(), drawn.end(), 0.0F);
    for (std::size_t k = 0; k < i; ++k) ++drawn[stream.below(i)];
    std::fill(times.begin(), times.end(), 0.0);
    for (std::size_t k = 0; k < s; ++k) ++times[stream.below(s)];
    for (std::size_t t = 0; t < tables.size(); ++t) {
      double sum = 0;
      for (std::size_t k = 0; k < s; ++k) {
        if (times[k] > 0) sum += times[k] * dot(drawn, padded[t][k]);
      }
      means[t].push_back(sum * scale);
    }
  }
  return means;
}

std::vector<std::optional<TwoLevel>> two_level(std::span<const SeedsByImages> tables, core::Stream& stream,
                                               double level, std::int64_t replicates) {
  std::vector<std::optional<TwoLevel>> results(tables.size());
  if (tables.empty() || !split_variance(tables[0])) return results;
  const std::vector<std::vector<double>> means = two_level_means(tables, stream, replicates);
  for (std::size_t t = 0; t < tables.size(); ++t) results[t] = from_means(tables[t], means[t], level);
  return results;
}

std::optional<TwoLevel> two_level(const SeedsByImages& values, core::Stream& stream, double level,
                                  std::int64_t replicates) {
  return two_level(std::span(&values, 1), stream, level, replicates)[0];
}

}  // namespace segbench::statistics
