// SPDX-License-Identifier: MIT
#include "harness/core/random.h"

#include <cmath>
#include <numbers>

#include "harness/core/error.h"

namespace segbench::core {
namespace {

__extension__ using Uint128 = unsigned __int128;

constexpr std::uint32_t kMultiplier0 = 0xD2511F53, kMultiplier1 = 0xCD9E8D57;
constexpr std::uint32_t kWeyl0 = 0x9E3779B9, kWeyl1 = 0xBB67AE85;

/// The finaliser of SplitMix64 (Steele, Lea, Flood 2014): spreads neighbouring seeds over all 64 bits.
std::uint64_t mix(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15ULL;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31);
}

std::uint64_t key_of(std::uint64_t seed, Purpose purpose) {
  return mix(mix(seed) ^ static_cast<std::uint64_t>(purpose));
}

}  // namespace

std::array<std::uint32_t, 4> philox4x32_10(std::array<std::uint32_t, 4> counter,
                                           std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t p0 = std::uint64_t{kMultiplier0} * counter[0];
    const std::uint64_t p1 = std::uint64_t{kMultiplier1} * counter[2];
    counter = {static_cast<std::uint32_t>(p1 >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(p1),
               static_cast<std::uint32_t>(p0 >> 32) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(p0)};
    key[0] += kWeyl0;
    key[1] += kWeyl1;
  }
  return counter;
}

Stream::Stream(std::uint64_t key, std::uint32_t epoch, std::uint64_t index)
    : key_{static_cast<std::uint32_t>(key), static_cast<std::uint32_t>(key >> 32)},
      counter_{0, epoch, static_cast<std::uint32_t>(index), static_cast<std::uint32_t>(index >> 32)} {}

Stream::Stream(std::uint64_t seed, Purpose purpose, std::uint32_t epoch, std::uint64_t index)
    : Stream(key_of(seed, purpose), epoch, index) {}

Stream::Stream(std::uint64_t seed, Purpose purpose, std::string_view name, std::uint32_t epoch,
               std::uint64_t index)
    : Stream(mix(key_of(seed, purpose) ^ stream_index(name)), epoch, index) {}

void Stream::refill() {
  block_ = philox4x32_10(counter_, key_);
  ++counter_[0];
  SEGBENCH_CHECK(counter_[0] != 0, "a stream ran out of its 2^34 draws");
  used_ = 0;
}

std::uint32_t Stream::next_u32() {
  if (used_ == 4) refill();
  return block_[static_cast<std::size_t>(used_++)];
}

std::uint64_t Stream::next_u64() {
  const std::uint64_t low = next_u32();
  return low | (std::uint64_t{next_u32()} << 32);
}

double Stream::uniform() {
  return static_cast<double>(next_u64() >> 11) * 0x1.0p-53;
}

double Stream::normal() {
  if (has_spare_normal_) {
    has_spare_normal_ = false;
    return spare_normal_;
  }
  const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
  const double angle = 2.0 * std::numbers::pi * uniform();
  spare_normal_ = radius * std::sin(angle);
  has_spare_normal_ = true;
  return radius * std::cos(angle);
}

std::uint64_t Stream::below(std::uint64_t bound) {
  SEGBENCH_CHECK(bound > 0, "below() needs a positive bound");
  const std::uint64_t threshold = (0 - bound) % bound;
  while (true) {
    const Uint128 product = static_cast<Uint128>(next_u64()) * bound;
    if (static_cast<std::uint64_t>(product) >= threshold) return static_cast<std::uint64_t>(product >> 64);
  }
}

std::uint64_t stream_index(std::string_view name) {
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  return hash;
}

}  // namespace segbench::core
