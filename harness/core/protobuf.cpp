// SPDX-License-Identifier: MIT
#include "harness/core/protobuf.h"

#include <bit>

namespace segbench::core::protobuf {
namespace {

constexpr int kVarint = 0, kEightBytes = 1, kLengthDelimited = 2, kFourBytes = 5;  // wire types

}  // namespace

void Message::varint(std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>((value & 0x7F) | 0x80);
  bytes_ += static_cast<char>(value);
}

Message& Message::integer(int field, std::int64_t value) {
  tag(field, kVarint);
  varint(static_cast<std::uint64_t>(value));
  return *this;
}

Message& Message::number(int field, float value) {
  tag(field, kFourBytes);
  const auto bits = std::bit_cast<std::uint32_t>(value);
  for (int shift = 0; shift < 32; shift += 8) bytes_ += static_cast<char>(bits >> shift & 0xFF);
  return *this;
}

Message& Message::real(int field, double value) {
  tag(field, kEightBytes);
  const auto bits = std::bit_cast<std::uint64_t>(value);
  for (int shift = 0; shift < 64; shift += 8) bytes_ += static_cast<char>(bits >> shift & 0xFF);
  return *this;
}

Message& Message::text(int field, std::string_view bytes) {
  header(field, bytes.size());
  bytes_ += bytes;
  return *this;
}

Message& Message::header(int field, std::uint64_t length) {
  tag(field, kLengthDelimited);
  varint(length);
  return *this;
}

}  // namespace segbench::core::protobuf
