// SPDX-License-Identifier: MIT
#include "harness/data/codecs/exif.h"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace segbench::data {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kOrientationTag = 0x0112;

bool has_text(Bytes bytes, std::size_t at, std::string_view text) {
  return bytes.size() >= text.size() && at <= bytes.size() - text.size() &&
         std::memcmp(bytes.data() + at, text.data(), text.size()) == 0;
}

/// An unsigned number of `size` bytes; 0 behind the end, which no valid block has at these places.
std::size_t number_at(Bytes bytes, std::size_t at, std::size_t size, bool big_endian) {
  if (bytes.size() < size || at > bytes.size() - size) return 0;
  std::size_t value = 0;
  for (std::size_t i = 0; i < size; ++i) value = value << 8 | bytes[at + (big_endian ? i : size - 1 - i)];
  return value;
}

}  // namespace

int orientation_of_exif(Bytes exif) {
  if (has_text(exif, 0, "Exif\0\0"sv)) exif = exif.subspan(6);
  const bool big = has_text(exif, 0, "MM"sv);
  if (!big && !has_text(exif, 0, "II"sv)) return 1;
  const std::size_t directory = number_at(exif, 4, 4, big), entries = number_at(exif, directory, 2, big);
  for (std::size_t i = 0; i < entries; ++i) {
    const std::size_t entry = directory + 2 + 12 * i;
    if (entry + 12 > exif.size()) return 1;
    if (number_at(exif, entry, 2, big) != kOrientationTag) continue;
    const std::size_t size = number_at(exif, entry + 2, 2, big) == 4 ? 4 : 2;  // LONG or SHORT
    const std::size_t value = number_at(exif, entry + 8, size, big);
    return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
  }
  return 1;
}

int orientation_of_jpeg(Bytes file) {
  for (std::size_t at = 2; at + 4 <= file.size() && file[at] == 0xFF;) {
    const std::uint8_t marker = file[at + 1];
    if (marker == 0xFF) {
      ++at;
      continue;
    }
    if (marker == 0xDA || marker == 0xD9) return 1;  // pixels begin, or the file ends
    const std::size_t length = number_at(file, at + 2, 2, true);
    if (length < 2 || at + 2 + length > file.size()) return 1;
    const Bytes body = file.subspan(at + 4, length - 2);
    if (marker == 0xE1 && has_text(body, 0, "Exif\0\0"sv)) return orientation_of_exif(body);
    at += 2 + length;
  }
  return 1;
}

int orientation_of_png(Bytes file) {
  for (std::size_t at = 8; at + 12 <= file.size();) {
    const std::size_t length = number_at(file, at, 4, true);
    if (length > file.size() - at - 12) return 1;
    if (has_text(file, at + 4, "eXIf"sv)) return orientation_of_exif(file.subspan(at + 8, length));
    at += 12 + length;
  }
  return 1;
}

int orientation_of_webp(Bytes file) {
  for (std::size_t at = 12; at + 8 <= file.size();) {
    const std::size_t length = number_at(file, at + 4, 4, false);
    if (length > file.size() - at - 8) return 1;
    if (has_text(file, at, "EXIF"sv)) return orientation_of_exif(file.subspan(at + 8, length));
    at += 8 + length + length % 2;
  }
  return 1;
}

}  // namespace segbench::data
