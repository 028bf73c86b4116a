// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace segbench::core {

/// The stored value of a void pixel in every decoded label map; such pixels are excluded from everything.
inline constexpr std::uint8_t kVoidLabel = 255;

/// True positives, false positives and false negatives of one class, in pixels.
struct ClassCounts {
  std::int64_t tp = 0;
  std::int64_t fp = 0;
  std::int64_t fn = 0;
  ClassCounts& operator+=(const ClassCounts& other) {
    tp += other.tp, fp += other.fp, fn += other.fn;
    return *this;
  }
  bool operator==(const ClassCounts&) const = default;
};

/// Confusion matrix over the valid pixels: at(g, p) pixels have ground truth g and prediction p.
class Confusion {
 public:
  explicit Confusion(int num_classes = 0)
      : num_classes_(num_classes),
        cells_(static_cast<std::size_t>(num_classes) * static_cast<std::size_t>(num_classes)) {}

  int num_classes() const { return num_classes_; }
  std::int64_t& at(int truth, int prediction) { return cells_[index(truth, prediction)]; }
  std::int64_t at(int truth, int prediction) const { return cells_[index(truth, prediction)]; }
  std::span<const std::int64_t> cells() const { return cells_; }  ///< row-major [truth][prediction]
  std::span<std::int64_t> cells() { return cells_; }
  Confusion& operator+=(const Confusion& other);
  /// One entry a class.
  std::vector<ClassCounts> class_counts() const;
  std::int64_t valid_pixels() const;
  bool operator==(const Confusion&) const = default;

 private:
  std::size_t index(int truth, int prediction) const {
    return static_cast<std::size_t>(truth) * static_cast<std::size_t>(num_classes_) +
           static_cast<std::size_t>(prediction);
  }
  int num_classes_;
  std::vector<std::int64_t> cells_;
};

/// Counts one image. `truth` and `prediction` have the same length; truth values are 0…num_classes-1 or
/// kVoidLabel, predictions 0…num_classes-1 (checked: a value outside throws InternalError). num_classes <=
/// 255.
Confusion count_pixels(std::span<const std::uint8_t> truth, std::span<const std::uint8_t> prediction,
                       int num_classes);

/// Pixels of every class and, last, void pixels: num_classes + 1 entries. Values outside throw InternalError.
std::vector<std::int64_t> count_labels(std::span<const std::uint8_t> labels, int num_classes);

}  // namespace segbench::core
