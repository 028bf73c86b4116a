// SPDX-License-Identifier: MIT
#include "harness/metrics/calibration.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "harness/core/error.h"
#include "harness/metrics/scores.h"

namespace segbench::metrics {
namespace {

/// |accuracy - mean confidence| of the bin.
double gap(const Calibration::Bin& bin) {
  return std::abs(static_cast<double>(bin.correct) - bin.confidence) / static_cast<double>(bin.pixels);
}

std::optional<double> mean(double sum, std::int64_t pixels) {
  if (pixels == 0) return std::nullopt;
  return sum / static_cast<double>(pixels);
}

/// The bin of a probability. What is not a number is told by whoever evaluates, and falls into the first one.
std::size_t bin_of(double probability, std::size_t bins, BinEdges edges) {
  const auto count = static_cast<double>(bins);
  if (!(probability > 0)) return 0;
  const double place =
      edges == BinEdges::kRightClosed ? std::ceil(probability * count) - 1 : std::floor(probability * count);
  return static_cast<std::size_t>(std::min(place, count - 1));
}

}  // namespace

Calibration::Calibration(int bins, BinEdges edges) : bins_(static_cast<std::size_t>(bins)), edges_(edges) {
  SEGBENCH_CHECK(bins > 0, "{} bins", bins);
}

void Calibration::add(std::span<const float> probabilities, std::size_t label) {
  const auto largest = std::max_element(probabilities.begin(), probabilities.end());
  const double confidence = *largest;
  Bin& bin = bins_[bin_of(confidence, bins_.size(), edges_)];
  ++bin.pixels;
  bin.correct += largest - probabilities.begin() == static_cast<std::ptrdiff_t>(label) ? 1 : 0;
  bin.confidence += confidence;
  for (std::size_t c = 0; c < probabilities.size(); ++c) {
    const double difference = static_cast<double>(probabilities[c]) - (c == label ? 1 : 0);
    squares_ += difference * difference;
  }
  // The least float above 0 stands for probabilities that were rounded to 0.
  const float of_label = std::max(probabilities[label], std::numeric_limits<float>::denorm_min());
  log_likelihood_ += std::log(static_cast<double>(of_label));
}

void Calibration::add(const Calibration& other) {
  SEGBENCH_CHECK(bins_.size() == other.bins_.size(), "{} and {} bins", bins_.size(), other.bins_.size());
  for (std::size_t i = 0; i < bins_.size(); ++i) bins_[i] += other.bins_[i];
  squares_ += other.squares_;
  log_likelihood_ += other.log_likelihood_;
}

std::int64_t Calibration::pixels() const {
  std::int64_t sum = 0;
  for (const Bin& bin : bins_) sum += bin.pixels;
  return sum;
}

std::optional<double> Calibration::expected_error() const {
  double sum = 0;
  for (const Bin& bin : bins_) {
    if (bin.pixels > 0) sum += static_cast<double>(bin.pixels) * gap(bin);
  }
  return mean(sum, pixels());
}

std::optional<double> Calibration::maximum_error() const {
  std::optional<double> largest;
  for (const Bin& bin : bins_) {
    if (bin.pixels > 0) largest = std::max(largest.value_or(0), gap(bin));
  }
  return largest;
}

ClasswiseCalibration::ClasswiseCalibration(int num_classes, int bins)
    : bins_(static_cast<std::size_t>(bins)), classes_(static_cast<std::size_t>(num_classes * bins)) {}

void ClasswiseCalibration::add(std::span<const float> probabilities, std::size_t label) {
  for (std::size_t c = 0; c < probabilities.size(); ++c) {
    const double p = probabilities[c];
    Calibration::Bin& bin = classes_[c * bins_ + bin_of(p, bins_, BinEdges::kLeftClosed)];
    ++bin.pixels;
    bin.correct += c == label ? 1 : 0;
    bin.confidence += p;
  }
}

void ClasswiseCalibration::add(const ClasswiseCalibration& other) {
  for (std::size_t i = 0; i < classes_.size(); ++i) classes_[i] += other.classes_[i];
}

std::vector<std::optional<double>> ClasswiseCalibration::class_errors() const {
  std::vector<std::optional<double>> errors;
  for (std::size_t first = 0; first < classes_.size(); first += bins_) {
    double sum = 0;
    std::int64_t pixels = 0;
    for (const Calibration::Bin& bin : std::span(classes_).subspan(first, bins_)) {
      pixels += bin.pixels;
      if (bin.pixels > 0) sum += static_cast<double>(bin.pixels) * gap(bin);
    }
    errors.push_back(mean(sum, pixels));
  }
  return errors;
}

std::optional<double> ClasswiseCalibration::expected_error() const {
  return mean_of_defined(class_errors());
}

std::optional<double> Calibration::brier() const {
  return mean(squares_, pixels());
}

std::optional<double> Calibration::negative_log_likelihood() const {
  return mean(-log_likelihood_, pixels());
}

}  // namespace segbench::metrics
