// SPDX-License-Identifier: MIT
#include "harness/data/codecs/pnm_file.h"

#include <fmt/format.h>

#include <bit>
#include <string_view>

#include "harness/core/error.h"

namespace segbench::data {
namespace {

/// Reads the tokens of a Netpbm header and of text bodies.
class PnmReader {
 public:
  PnmReader(Bytes bytes, std::size_t at) : bytes_(bytes), at_(at) {}

  std::uint8_t peek() const {
    if (at_ >= bytes_.size()) throw core::UserError("the PNM file is cut off");
    return bytes_[at_];
  }
  std::uint8_t take() {
    const std::uint8_t byte = peek();
    ++at_;
    return byte;
  }
  void skip_blanks() {
    while (peek() == '#' || peek() <= ' ') {
      if (take() == '#') {
        while (take() != '\n') {
        }
      }
    }
  }
  std::int64_t number() {
    skip_blanks();
    if (peek() < '0' || peek() > '9') throw core::UserError("the PNM file is damaged: a number is missing");
    std::int64_t value = 0;
    while (at_ < bytes_.size() && bytes_[at_] >= '0' && bytes_[at_] <= '9') {
      value = value * 10 + (take() - '0');
      if (value > kMaxPixels * 16) throw core::UserError("the PNM file is damaged: a number is too large");
    }
    return value;
  }
  std::string_view word() {
    skip_blanks();
    const std::size_t begin = at_;
    while (peek() > ' ') ++at_;
    return {reinterpret_cast<const char*>(bytes_.data()) + begin, at_ - begin};
  }
  Bytes rest() const { return bytes_.subspan(at_); }

 private:
  Bytes bytes_;
  std::size_t at_;
};

/// P7: lines of a keyword and a value, up to ENDHDR.
std::int64_t read_pam_header(PnmReader& in, StoredImage& stored) {
  std::int64_t maximum = 0, depth = 0;
  while (true) {
    const std::string_view key = in.word();
    if (key == "ENDHDR") break;
    if (key == "WIDTH")
      stored.width = in.number();
    else if (key == "HEIGHT")
      stored.height = in.number();
    else if (key == "DEPTH")
      depth = in.number();
    else if (key == "MAXVAL")
      maximum = in.number();
    else if (const std::string_view type = in.word(); key == "TUPLTYPE" && type.ends_with("_ALPHA"))
      stored.alpha = 0;  // the last channel, once their number is known
  }
  while (in.take() != '\n') {
  }
  check_claim(FileFormat::kPnm, stored.height, stored.width, depth);
  stored.channels = static_cast<int>(depth);
  if (stored.alpha == 0) stored.alpha = stored.channels > 1 ? stored.channels - 1 : -1;
  stored.rgb = stored.bands() == 3;
  return maximum;
}

std::int64_t read_pnm_header(PnmReader& in, char kind, StoredImage& stored) {
  stored.width = in.number();
  stored.height = in.number();
  stored.channels = kind == '3' || kind == '6' ? 3 : 1;
  stored.rgb = stored.channels == 3;
  stored.minimum_is_white = kind == '1' || kind == '4';
  check_claim(FileFormat::kPnm, stored.height, stored.width, stored.channels);
  const std::int64_t maximum = stored.minimum_is_white ? 1 : in.number();
  const bool text = kind <= '3';
  if (!text) in.take();  // one blank, then bytes
  return maximum;
}

void check_value(std::uint32_t value, std::uint32_t maximum) {
  if (value > maximum) {
    throw core::UserError(
        fmt::format("the PNM file is damaged: the value {} is above its maxval {}", value, maximum));
  }
}

template <typename Sample>
std::vector<Sample> read_body(PnmReader& in, char kind, const StoredImage& stored) {
  const auto width = static_cast<std::size_t>(stored.width), height = static_cast<std::size_t>(stored.height);
  const std::size_t count = width * height * static_cast<std::size_t>(stored.channels);
  const Bytes body = in.rest();
  // Before anything is allocated: what the body needs at least.
  const std::size_t needed = kind == '4'   ? (width + 7) / 8 * height
                             : kind <= '3' ? (kind == '1' ? count : 2 * count - 1)
                                           : count * sizeof(Sample);
  if (body.size() < needed) throw core::UserError("the PNM file is cut off");
  std::vector<Sample> samples(count);
  if (kind == '4') {
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t x = i % width;
      samples[i] = body[i / width * ((width + 7) / 8) + x / 8] >> (7 - x % 8) & 1;
    }
    return samples;
  }
  for (std::size_t i = 0; i < count; ++i) {
    std::uint32_t value = 0;
    if (kind == '1') {  // digits need no blanks between them
      in.skip_blanks();
      const std::uint8_t digit = in.take();
      if (digit != '0' && digit != '1')
        throw core::UserError("the PNM file is damaged: a bit is neither 0 nor 1");
      value = digit - '0';
    } else if (kind <= '3') {
      value = static_cast<std::uint32_t>(in.number());
    } else {
      value = sizeof(Sample) == 1 ? body[i] : std::uint32_t{body[2 * i]} << 8 | body[2 * i + 1];
    }
    check_value(value, stored.maximum);
    samples[i] = static_cast<Sample>(value);
  }
  return samples;
}

}  // namespace

StoredImage read_pnm(Bytes bytes) {
  StoredImage stored;
  stored.format = FileFormat::kPnm;
  const char kind = static_cast<char>(bytes[1]);
  PnmReader in(bytes, 2);
  const std::int64_t maximum = kind == '7' ? read_pam_header(in, stored) : read_pnm_header(in, kind, stored);
  if (maximum < 1 || maximum > 65535) {
    throw core::UserError(
        fmt::format("the PNM file has the maxval {}, but it must be from 1 to 65535", maximum));
  }
  stored.maximum = static_cast<std::uint32_t>(maximum);
  stored.bits = static_cast<int>(std::bit_width(stored.maximum));
  if (maximum < 256)
    stored.samples = read_body<std::uint8_t>(in, kind, stored);
  else
    stored.samples = read_body<std::uint16_t>(in, kind, stored);
  return stored;
}

}  // namespace segbench::data
