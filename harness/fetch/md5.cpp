// SPDX-License-Identifier: MIT
#include "harness/fetch/md5.h"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <vector>

#include "harness/core/error.h"

namespace segbench::fetch {
namespace {

constexpr std::size_t kBlock = 64;

class Md5 {
 public:
  void update(std::string_view text) {
    total_ += text.size();
    pending_.append(text);
    std::size_t at = 0;
    for (; at + kBlock <= pending_.size(); at += kBlock) compress(pending_.data() + at);
    pending_.erase(0, at);
  }

  std::string hex_digest() {
    const std::uint64_t bits = total_ * 8;
    std::string padding = "\x80";
    padding.append((kBlock + 56 - (total_ + 1) % kBlock) % kBlock, '\0');
    for (unsigned i = 0; i < 8; ++i) padding.push_back(static_cast<char>(bits >> (8 * i) & 255));
    update(padding);
    std::string text;
    for (const std::uint32_t word : state_) {
      for (unsigned i = 0; i < 4; ++i) text += fmt::format("{:02x}", word >> (8 * i) & 255);
    }
    return text;
  }

 private:
  /// Step i adds floor(2^32 |sin(i + 1)|).
  static const std::array<std::uint32_t, 64>& sines() {
    static const std::array<std::uint32_t, 64> kSines = [] {
      std::array<std::uint32_t, 64> sines{};
      for (std::size_t i = 0; i < sines.size(); ++i)
        sines[i] = static_cast<std::uint32_t>(
            std::floor(std::fabs(std::sin(static_cast<double>(i + 1))) * 4294967296.0));
      return sines;
    }();
    return kSines;
  }

  void compress(const char* block) {
    constexpr std::array<std::array<int, 4>, 4> kShifts = {
        {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}}};
    std::array<std::uint32_t, 16> words{};
    std::memcpy(words.data(), block, kBlock);
    static_assert(std::endian::native == std::endian::little);
    auto [a, b, c, d] = state_;
    for (std::size_t i = 0; i < 64; ++i) {
      std::uint32_t mixed = 0;
      std::size_t word = 0;
      switch (i / 16) {
        case 0:
          mixed = (b & c) | (~b & d), word = i;
          break;
        case 1:
          mixed = (d & b) | (~d & c), word = (5 * i + 1) % 16;
          break;
        case 2:
          mixed = b ^ c ^ d, word = (3 * i + 5) % 16;
          break;
        default:
          mixed = c ^ (b | ~d), word = 7 * i % 16;
      }
      const std::uint32_t sum = a + mixed + sines()[i] + words[word];
      a = d, d = c, c = b;
      b += std::rotl(sum, kShifts[i / 16][i % 4]);
    }
    state_[0] += a, state_[1] += b, state_[2] += c, state_[3] += d;
  }

  std::array<std::uint32_t, 4> state_ = {0x67452301U, 0xefcdab89U, 0x98badcfeU, 0x10325476U};
  std::string pending_;
  std::uint64_t total_ = 0;
};

}  // namespace

std::string md5_hex(std::string_view text) {
  Md5 hash;
  hash.update(text);
  return hash.hex_digest();
}

std::string md5_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw core::UserError(fmt::format("{}: cannot be read", file.string()), core::kTrialFailed);
  Md5 hash;
  std::vector<char> buffer(1 << 20);
  while (in) {
    in.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    hash.update({buffer.data(), static_cast<std::size_t>(in.gcount())});
  }
  return hash.hex_digest();
}

}  // namespace segbench::fetch
