// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace segbench::augmentations {

/// Numbers of many samples, a row each kind of number and a column each sample, that reach a device in one
/// copy. float64 holds them exactly: integers below 2^53, and whatever becomes float32 there.
class NumberTable {
 public:
  explicit NumberTable(std::int64_t samples) : samples_(samples) {}

  std::int64_t samples() const { return samples_; }
  /// Further rows, of one number everywhere; returns the first.
  std::int64_t add_rows(std::int64_t count, double number);
  void set(std::int64_t row, std::int64_t sample, double number) {
    numbers_[static_cast<std::size_t>(row * samples_ + sample)] = number;
  }
  /// [rows, samples] float64 on the CPU, a copy.
  torch::Tensor tensor() const;

 private:
  std::int64_t samples_;
  std::vector<double> numbers_;
};

/// A table that has reached its device, or some of its columns.
class Numbers {
 public:
  /// NumberTable::tensor() on the device.
  explicit Numbers(const torch::Tensor& table)
      : table_(table), whole_(table.to(torch::kLong)), real_(table.to(torch::kFloat)) {}

  std::int64_t samples() const { return table_.size(1); }
  Numbers columns(std::int64_t first, std::int64_t count) const;
  /// Some rows as [samples, count] int64, float32 or float64, contiguous also by their strides: what is
  /// computed of them with others lies in memory accordingly.
  torch::Tensor whole(std::int64_t row, std::int64_t count = 1) const { return rows(whole_, row, count); }
  torch::Tensor real(std::int64_t row, std::int64_t count = 1) const { return rows(real_, row, count); }
  torch::Tensor exact(std::int64_t row, std::int64_t count = 1) const { return rows(table_, row, count); }

 private:
  Numbers() = default;
  static torch::Tensor rows(const torch::Tensor& of, std::int64_t row, std::int64_t count) {
    return count == 1 ? of.select(0, row).unsqueeze(1) : of.narrow(0, row, count).t().contiguous();
  }

  torch::Tensor table_, whole_, real_;
};

/// Which pixels [N, height, width] lie in rectangles [N, 4] int64: top, bottom, left, right; those of the
/// bottom and the right edge do not.
torch::Tensor inside(const torch::Tensor& edges, std::int64_t height, std::int64_t width);

/// For whether anything is to be done to a batch: whether one of its samples is marked.
inline bool any_in(const std::vector<bool>& marks, std::int64_t first, std::int64_t count) {
  for (std::int64_t i = first; i < first + count; ++i) {
    if (marks[static_cast<std::size_t>(i)]) return true;
  }
  return false;
}

}  // namespace segbench::augmentations
