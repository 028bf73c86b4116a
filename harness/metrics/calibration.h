// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace segbench::metrics {

/// To which bin a confidence on the edge of two belongs.
enum class BinEdges {
  kRightClosed,  ///< (lo, hi]: the lower one
  kLeftClosed,   ///< [lo, hi), the last one closed: the upper one
};

/// How far the probabilities of a network can be believed: valid pixels gathered by their confidence, the
/// largest probability of any class, in bins of equal width, (lo, hi] as in Guo et al., "On Calibration of
/// Modern Neural Networks", ICML 2017, with their Brier score and negative log-likelihood.
class Calibration {
 public:
  explicit Calibration(int bins = 15, BinEdges edges = BinEdges::kRightClosed);

  /// A valid pixel of class `label`, by the probability of every class. The first one of the largest is
  /// predicted.
  void add(std::span<const float> probabilities, std::size_t label);
  /// All pixels of another one with as many bins.
  void add(const Calibration& other);

  struct Bin {
    std::int64_t pixels = 0, correct = 0;
    double confidence = 0;  ///< sum
    Bin& operator+=(const Bin& other) {
      pixels += other.pixels, correct += other.correct, confidence += other.confidence;
      return *this;
    }
  };
  const std::vector<Bin>& bins() const { return bins_; }

  /// Expected calibration error, 0 to 1: sum over bins of (pixels of the bin / all) * |accuracy - mean
  /// confidence|. Empty when there is no pixel.
  std::optional<double> expected_error() const;
  /// Maximum calibration error: the largest such difference of any bin that holds a pixel.
  std::optional<double> maximum_error() const;
  /// Mean over the pixels of sum_c (p_c - [c is its class])^2, 0 to 2 (Brier, Monthly Weather Review, 1950).
  std::optional<double> brier() const;
  /// Mean over the pixels of -ln of the probability of their class, in nats.
  std::optional<double> negative_log_likelihood() const;

 private:
  std::int64_t pixels() const;

  std::vector<Bin> bins_;
  BinEdges edges_;
  double squares_ = 0, log_likelihood_ = 0;
};

/// How far the probability of each class can be believed: for every class, pixels by its probability in bins
/// [lo, hi) of equal width, the last one closed (Nixon et al., "Measuring Calibration in Deep Learning",
/// 2019).
class ClasswiseCalibration {
 public:
  explicit ClasswiseCalibration(int num_classes, int bins = 15);

  void add(std::span<const float> probabilities, std::size_t label);
  void add(const ClasswiseCalibration& other);
  /// Of each class the sum over bins of (pixels of the bin / all) * |share of the class - mean probability|.
  /// Empty when there is no pixel.
  std::vector<std::optional<double>> class_errors() const;
  /// Their mean.
  std::optional<double> expected_error() const;

 private:
  std::size_t bins_;
  std::vector<Calibration::Bin> classes_;  ///< [class, bin]; `correct` counts the class, `confidence` sums p
};

}  // namespace segbench::metrics
