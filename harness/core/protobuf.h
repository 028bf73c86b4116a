// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

// The wire format of Protocol Buffers (https://protobuf.dev/programming-guides/encoding), as much as ONNX
// files and TensorBoard's events need. By hand, since it is these few lines, while the library brings a code
// generator, and a message of it cannot hold weights without copying them.

namespace segbench::core::protobuf {

/// An encoded message: fields are appended in any order.
class Message {
 public:
  Message& integer(int field, std::int64_t value);
  Message& number(int field, float value);
  Message& real(int field, double value);
  Message& text(int field, std::string_view bytes);
  Message& message(int field, const Message& inner) { return text(field, inner.bytes_); }
  /// A field of bytes whose content the caller appends after this message.
  Message& header(int field, std::uint64_t length);

  const std::string& bytes() const { return bytes_; }

 private:
  void varint(std::uint64_t value);
  void tag(int field, int wire_type) {
    varint(static_cast<std::uint64_t>(field) << 3 | static_cast<unsigned>(wire_type));
  }

  std::string bytes_;
};

}  // namespace segbench::core::protobuf
