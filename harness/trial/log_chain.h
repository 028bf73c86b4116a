// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace segbench::trial {

/// Ties the lines of a log together: the last key of each line is "chain", 16 hexadecimal digits of a 64-bit
/// hash of the line before that key and of the hash before it. A line that was changed, dropped or put in
/// shows, since its hash and all later ones no longer fit. It tells damage and careless edits; it is no
/// signature, anybody can compute it.
///
///     LogChain chain;
///     chain.seal(R"({"type":"a"})");   // {"type":"a","chain":"…"}
///
/// The hash of a line runs over 8 bytes w at a time, little endian, the last filled up with zeros:
/// h = (h xor w) * 0x9E3779B97F4A7C15, h = h xor (h >> 32); it begins with the hash of the line before (0)
/// plus the number of bytes. Each step is invertible, so a change of one word is never missed.
class LogChain {
 public:
  /// A line (a JSON object) with its "chain", and without a line end.
  std::string seal(std::string line);
  /// Takes a line of a log, without its line end; false when it is not what was written. Lines without a
  /// chain, of logs that were begun by an older version, may stand before the first that has one.
  bool accept(std::string_view line);
  /// Whether a line had a chain.
  bool begun() const { return begun_; }

 private:
  std::uint64_t state_ = 0;
  bool begun_ = false;
};

}  // namespace segbench::trial
