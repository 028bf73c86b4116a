// SPDX-License-Identifier: MIT
#include "harness/core/counts.h"

#include <algorithm>
#include <memory>

#include "harness/core/error.h"

namespace segbench::core {
namespace {

/// Histogram of 16-bit keys. Runs of equal keys are the rule in label maps, and a single table would make
/// each increment wait for the one before it; four tables in turn do not.
template <typename Key>
std::vector<std::int64_t> histogram(std::size_t n, std::size_t num_keys, const Key& key) {
  const auto tables = std::make_unique<std::uint32_t[]>(4 * num_keys);
  std::vector<std::int64_t> sums(num_keys);
  constexpr std::size_t kChunk = std::size_t{1} << 32;  // a 32-bit cell cannot overflow within four chunks
  for (std::size_t begin = 0; begin < n; begin += kChunk) {
    const std::size_t end = std::min(n, begin + kChunk);
    std::fill_n(tables.get(), 4 * num_keys, 0U);
    std::size_t i = begin;
    for (; i + 4 <= end; i += 4) {
      ++tables[key(i)];
      ++tables[num_keys + key(i + 1)];
      ++tables[2 * num_keys + key(i + 2)];
      ++tables[3 * num_keys + key(i + 3)];
    }
    for (; i < end; ++i) ++tables[key(i)];
    for (std::size_t k = 0; k < num_keys; ++k) {
      sums[k] += std::int64_t{tables[k]} + tables[num_keys + k] + tables[2 * num_keys + k] +
                 tables[3 * num_keys + k];
    }
  }
  return sums;
}

}  // namespace

Confusion& Confusion::operator+=(const Confusion& other) {
  SEGBENCH_CHECK(num_classes_ == other.num_classes_, "{} and {} classes", num_classes_, other.num_classes_);
  for (std::size_t i = 0; i < cells_.size(); ++i) cells_[i] += other.cells_[i];
  return *this;
}

std::vector<ClassCounts> Confusion::class_counts() const {
  std::vector<ClassCounts> counts(static_cast<std::size_t>(num_classes_));
  for (int g = 0; g < num_classes_; ++g) {
    for (int p = 0; p < num_classes_; ++p) {
      if (g == p) {
        counts[static_cast<std::size_t>(g)].tp += at(g, g);
      } else {
        counts[static_cast<std::size_t>(g)].fn += at(g, p);
        counts[static_cast<std::size_t>(p)].fp += at(g, p);
      }
    }
  }
  return counts;
}

std::int64_t Confusion::valid_pixels() const {
  std::int64_t sum = 0;
  for (const std::int64_t cell : cells_) sum += cell;
  return sum;
}

Confusion count_pixels(std::span<const std::uint8_t> truth, std::span<const std::uint8_t> prediction,
                       int num_classes) {
  SEGBENCH_CHECK(truth.size() == prediction.size(), "{} and {} pixels", truth.size(), prediction.size());
  SEGBENCH_CHECK(num_classes > 0 && num_classes <= kVoidLabel, "{} classes", num_classes);
  // Whatever is no class is counted beside the classes: the loop needs no branch, and the table stays in the
  // cache.
  const auto other = static_cast<std::uint8_t>(num_classes);
  const std::size_t side = std::size_t{other} + 1;
  const auto sums = histogram(truth.size(), side * side, [&](std::size_t i) {
    return std::min(truth[i], other) * side + std::min(prediction[i], other);
  });

  Confusion confusion(num_classes);
  std::int64_t counted = 0;
  for (int g = 0; g < num_classes; ++g) {
    for (int p = 0; p < num_classes; ++p) {
      confusion.at(g, p) = sums[static_cast<std::size_t>(g) * side + static_cast<std::size_t>(p)];
      counted += confusion.at(g, p);
    }
  }
  std::int64_t void_pixels = 0;
  for (const std::uint8_t label : truth) void_pixels += label == kVoidLabel ? 1 : 0;
  SEGBENCH_CHECK(counted + void_pixels == static_cast<std::int64_t>(truth.size()),
                 "{} pixels are outside the {} classes",
                 static_cast<std::int64_t>(truth.size()) - counted - void_pixels, num_classes);
  return confusion;
}

std::vector<std::int64_t> count_labels(std::span<const std::uint8_t> labels, int num_classes) {
  const auto sums = histogram(labels.size(), 256, [&](std::size_t i) { return std::size_t{labels[i]}; });
  std::vector<std::int64_t> counts(sums.begin(), sums.begin() + num_classes);
  counts.push_back(sums[kVoidLabel]);
  std::int64_t counted = 0;
  for (const std::int64_t count : counts) counted += count;
  SEGBENCH_CHECK(counted == static_cast<std::int64_t>(labels.size()), "{} labels are outside the {} classes",
                 static_cast<std::int64_t>(labels.size()) - counted, num_classes);
  return counts;
}

}  // namespace segbench::core
