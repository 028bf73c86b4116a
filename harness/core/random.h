// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

namespace segbench::core {

/// What a random draw is for. Every purpose has streams of its own, so that adding draws for one purpose
/// never shifts those of another. The numbers are part of the reproducibility contract: never reuse or change
/// one.
enum class Purpose : std::uint32_t {
  kWeights = 1,
  kOrder = 2,
  kAugmentation = 3,
  kDropout = 4,
  kSplit = 5,
  kShapes = 6,
  kBootstrap = 7,
  kSearch = 8,
};

/// A counter-based random stream: Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as
/// easy as 1, 2, 3", SC 2011), keyed by (seed, purpose) and positioned by (epoch, index).
///
/// A stream is a pure function of these four numbers, and of its name where it has one. It depends neither on
/// the variant nor on a thread or on where a trial was interrupted, so trials of different variants with one
/// seed are paired.
///
///     Stream order(seed, Purpose::kOrder, epoch);
///     order.shuffle(std::span(indices));
class Stream {
 public:
  Stream(std::uint64_t seed, Purpose purpose, std::uint32_t epoch = 0, std::uint64_t index = 0);
  /// One of several streams of a purpose, told apart by name: no draw from one shifts those of another.
  Stream(std::uint64_t seed, Purpose purpose, std::string_view name, std::uint32_t epoch,
         std::uint64_t index);

  std::uint32_t next_u32();
  std::uint64_t next_u64();
  /// Uniform in [0, 1) with 53 random bits.
  double uniform();
  /// Uniform in [low, high).
  double uniform(double low, double high) { return low + (high - low) * uniform(); }
  /// Standard normal by the Box-Muller transform.
  double normal();
  /// Unbiased integer in [0, bound); `bound` > 0 (Lemire 2019, "Fast random integer generation in an
  /// interval").
  std::uint64_t below(std::uint64_t bound);
  bool coin(double probability) { return uniform() < probability; }

  /// Fisher-Yates shuffle.
  template <typename T>
  void shuffle(std::span<T> items) {
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[below(i)]);
  }

 private:
  Stream(std::uint64_t key, std::uint32_t epoch, std::uint64_t index);
  void refill();

  std::array<std::uint32_t, 2> key_;
  std::array<std::uint32_t, 4> counter_;
  std::array<std::uint32_t, 4> block_{};
  int used_ = 4;
  bool has_spare_normal_ = false;
  double spare_normal_ = 0.0;
};

/// One Philox4x32-10 block, exposed so that it can be tested against the published known answers.
std::array<std::uint32_t, 4> philox4x32_10(std::array<std::uint32_t, 4> counter,
                                           std::array<std::uint32_t, 2> key);

/// 64-bit FNV-1a hash: turns a name (of a weight, of a sample) into a stream index.
std::uint64_t stream_index(std::string_view name);

}  // namespace segbench::core
