// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace segbench::core {

/// SHA-256 (FIPS 180-4) of data that arrives in pieces. Ours, because the worker may link nothing but
/// LibTorch.
///
///     Sha256 hash;
///     hash.update("ab");
///     hash.update("c");
///     hash.hex_digest();  // "ba7816bf…"
class Sha256 {
 public:
  Sha256();
  void update(std::span<const std::byte> data);
  void update(std::string_view text) { update(std::as_bytes(std::span(text.data(), text.size()))); }
  /// 64 lower-case hexadecimal digits; the object must not be used afterwards.
  std::string hex_digest();

 private:
  void compress(const std::uint8_t* block);

  std::array<std::uint32_t, 8> state_;
  std::array<std::uint8_t, 64> buffer_{};
  std::size_t buffered_ = 0;
  std::uint64_t total_bytes_ = 0;
};

std::string sha256_hex(std::string_view text);

/// SHA-256 of a file's bytes; throws UserError naming the file when it cannot be read.
std::string sha256_file(const std::filesystem::path& file);

}  // namespace segbench::core
