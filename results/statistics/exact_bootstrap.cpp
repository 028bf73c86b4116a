// SPDX-License-Identifier: MIT
#include "results/statistics/exact_bootstrap.h"

#include <cmath>
#include <map>

#include "results/statistics/bootstrap.h"

namespace segbench::statistics {
namespace {

/// Goes through how often each value is drawn; a resample with counts k_i has the probability n! / prod k_i!
/// / n^n.
class Enumeration {
 public:
  explicit Enumeration(std::span<const double> sample) : sample_(sample) {
    for (const double value : sample) scale_ += std::abs(value);
    const auto n = static_cast<double>(sample.size());
    descend(0, sample.size(), 0, std::lgamma(n + 1) - n * std::log(n));
  }

  ExactMeans distribution() const {
    ExactMeans found;
    double cumulated = 0;
    for (const auto& [key, entry] : entries_) {
      found.means.push_back(entry.mean);
      found.probabilities.push_back(entry.probability);
      cumulated += entry.probability;
    }
    for (double& p : found.probabilities) p /= cumulated;
    return found;
  }

 private:
  struct Entry {
    double mean = 0, probability = 0;
  };

  void descend(std::size_t place, std::size_t left, double sum, double log_probability) {
    if (place + 1 == sample_.size()) {
      const auto k = static_cast<double>(left);
      add((sum + k * sample_[place]) / static_cast<double>(sample_.size()),
          std::exp(log_probability - std::lgamma(k + 1)));
      return;
    }
    for (std::size_t count = 0; count <= left; ++count) {
      const auto k = static_cast<double>(count);
      descend(place + 1, left - count, sum + k * sample_[place], log_probability - std::lgamma(k + 1));
    }
  }

  /// Means that are equal on paper differ in their last bits: they are told apart on a grid of 1e-13 of the
  /// sample's size.
  void add(double mean, double probability) {
    const double step = scale_ > 0 ? 1e-13 * scale_ : 1;
    Entry& entry = entries_[std::llround(mean / step)];
    entry.mean = mean;
    entry.probability += probability;
  }

  std::span<const double> sample_;
  double scale_ = 0;
  std::map<long long, Entry> entries_;
};

}  // namespace

std::optional<ExactMeans> exact_bootstrap_means(std::span<const double> sample) {
  if (sample.empty() || sample.size() > kMostEnumerated) return std::nullopt;
  return Enumeration(sample).distribution();
}

double exact_quantile(const ExactMeans& distribution, double p) {
  double cumulated = 0;
  for (std::size_t i = 0; i < distribution.means.size(); ++i) {
    cumulated += distribution.probabilities[i];
    if (cumulated >= p - 1e-12) return distribution.means[i];
  }
  return distribution.means.back();
}

double exact_sd(const ExactMeans& distribution) {
  double center = 0, variance = 0;
  for (std::size_t i = 0; i < distribution.means.size(); ++i)
    center += distribution.probabilities[i] * distribution.means[i];
  for (std::size_t i = 0; i < distribution.means.size(); ++i)
    variance += distribution.probabilities[i] * std::pow(distribution.means[i] - center, 2);
  return std::sqrt(variance);
}

Interval exact_percentile_interval(const ExactMeans& distribution, double level) {
  return {exact_quantile(distribution, (1 - level) / 2), exact_quantile(distribution, (1 + level) / 2)};
}

std::optional<Interval> exact_bca_interval(std::span<const double> sample, const ExactMeans& distribution,
                                           double level) {
  const double center = *mean(sample);
  double below = 0, equal = 0, size = 0;
  for (const double value : sample) size += std::abs(value);
  for (std::size_t i = 0; i < distribution.means.size(); ++i) {
    const double off = distribution.means[i] - center;
    const bool is_equal = std::abs(off) <= 1e-12 * size;
    if (is_equal) equal += distribution.probabilities[i];
    if (!is_equal && off < 0) below += distribution.probabilities[i];
  }
  const auto correction = bias_correction(sample, below, equal, level);
  if (!correction) return std::nullopt;
  return Interval{exact_quantile(distribution, correction->levels.low),
                  exact_quantile(distribution, correction->levels.high)};
}

}  // namespace segbench::statistics
