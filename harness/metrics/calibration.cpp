// SPDX-License-Identifier: MIT
#include "harness/metrics/calibration.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "harness/core/error.h"

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

}  // namespace

Calibration::Calibration(int bins) : bins_(static_cast<std::size_t>(bins)) {
  SEGBENCH_CHECK(bins > 0, "{} bins", bins);
}

void Calibration::add(std::span<const float> probabilities, std::size_t label) {
  const auto largest = std::max_element(probabilities.begin(), probabilities.end());
  const double confidence = *largest, count = static_cast<double>(bins_.size());
  // What is not a number is told by whoever evaluates, and falls into the first bin here.
  const double place = confidence > 0 ? std::min(std::ceil(confidence * count) - 1, count - 1) : 0;
  Bin& bin = bins_[static_cast<std::size_t>(place)];
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
    const double p = probabilities[c], count = static_cast<double>(bins_);
    const double place = p > 0 ? std::min(std::floor(p * count), count - 1) : 0;
    Calibration::Bin& bin = classes_[c * bins_ + static_cast<std::size_t>(place)];
    ++bin.pixels;
    bin.correct += c == label ? 1 : 0;
    bin.confidence += p;
  }
}

void ClasswiseCalibration::add(const ClasswiseCalibration& other) {
  for (std::size_t i = 0; i < classes_.size(); ++i) classes_[i] += other.classes_[i];
}

std::optional<double> ClasswiseCalibration::expected_error() const {
  double sum = 0;
  std::int64_t pixels = 0;  // of all classes: each pixel as often as there are classes
  for (const Calibration::Bin& bin : classes_) {
    pixels += bin.pixels;
    if (bin.pixels > 0) sum += static_cast<double>(bin.pixels) * gap(bin);
  }
  return mean(sum, pixels);
}

std::optional<double> Calibration::brier() const {
  return mean(squares_, pixels());
}

std::optional<double> Calibration::negative_log_likelihood() const {
  return mean(-log_likelihood_, pixels());
}

}  // namespace segbench::metrics
