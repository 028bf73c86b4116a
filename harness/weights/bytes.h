// SPDX-License-Identifier: MIT
#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <stdexcept>
#include <string>

namespace segbench::weights {

using Bytes = std::span<const std::byte>;

/// What is wrong with a file's content; WeightFile makes a core::UserError with the file's name of it.
struct Malformed : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Reads little-endian numbers and runs of bytes from front to back; throws Malformed at the end.
class ByteReader {
 public:
  explicit ByteReader(Bytes bytes, std::uint64_t position = 0) : bytes_(bytes), position_(position) {
    if (position > bytes.size()) throw Malformed("it is truncated");
  }

  std::uint64_t position() const { return position_; }
  std::uint64_t left() const { return bytes_.size() - position_; }

  Bytes take(std::uint64_t count) {
    if (count > left()) {
      throw Malformed(fmt::format("it is truncated: {} bytes are announced at byte {}, {} are left", count,
                                  position_, left()));
    }
    const Bytes taken = bytes_.subspan(position_, count);
    position_ += count;
    return taken;
  }
  std::string text(std::uint64_t count) {
    const Bytes taken = take(count);
    return {reinterpret_cast<const char*>(taken.data()), taken.size()};
  }
  template <typename Number>
  Number number() {
    Number value;
    std::memcpy(&value, take(sizeof value).data(),
                sizeof value);  // the machine is little endian, as files are
    return value;
  }

 private:
  Bytes bytes_;
  std::uint64_t position_ = 0;
};

/// A name as it may be printed: control characters replaced, cut when long. Files are not to be trusted.
std::string printable(const std::string& name, std::size_t longest = 120);

}  // namespace segbench::weights
