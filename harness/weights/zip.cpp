// SPDX-License-Identifier: MIT
#include "harness/weights/zip.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

namespace segbench::weights {
namespace {

constexpr std::uint32_t kLocalHeader = 0x04034b50, kCentralHeader = 0x02014b50, kEnd = 0x06054b50,
                        kEnd64 = 0x06064b50, kEnd64Locator = 0x07064b50;
constexpr std::uint64_t kEndBytes = 22, kLongestComment = 65535, kLocatorBytes = 20, kCentralBytes = 46;
constexpr std::uint32_t kSee64 = 0xffffffff;  ///< the number stands in the ZIP64 field

/// Where the central directory lies.
struct Directory {
  std::uint64_t entries = 0, size = 0, offset = 0;
};

std::uint64_t find_end(Bytes archive) {
  if (archive.size() < kEndBytes) throw Malformed("it is truncated: the archive has no directory");
  const std::uint64_t last = archive.size() - kEndBytes;
  for (std::uint64_t back = 0; back <= std::min(last, kLongestComment); ++back) {
    ByteReader reader(archive, last - back);
    if (reader.number<std::uint32_t>() != kEnd) continue;
    reader.take(16);
    if (reader.number<std::uint16_t>() == back) return last - back;
  }
  throw Malformed("it is truncated: the archive has no directory");
}

/// The 64-bit directory record that a locator in front of the end points at.
std::optional<Directory> directory64(Bytes archive, std::uint64_t end) {
  if (end < kLocatorBytes) return std::nullopt;
  ByteReader locator(archive, end - kLocatorBytes);
  if (locator.number<std::uint32_t>() != kEnd64Locator) return std::nullopt;
  locator.take(4);
  ByteReader record(archive, std::min<std::uint64_t>(locator.number<std::uint64_t>(), archive.size()));
  if (record.number<std::uint32_t>() != kEnd64)
    throw Malformed("its 64-bit directory is not where it should be");
  record.take(28);
  Directory directory;
  directory.entries = record.number<std::uint64_t>();
  directory.size = record.number<std::uint64_t>();
  directory.offset = record.number<std::uint64_t>();
  return directory;
}

Directory find_directory(Bytes archive, std::uint64_t& end) {
  end = find_end(archive);
  ByteReader reader(archive, end + 10);
  Directory directory;
  directory.entries = reader.number<std::uint16_t>();
  directory.size = reader.number<std::uint32_t>();
  directory.offset = reader.number<std::uint32_t>();
  if (directory.entries == 0xffff || directory.size == kSee64 || directory.offset == kSee64) {
    directory = directory64(archive, end).value_or(directory);
  }
  if (directory.offset > end || directory.size > end - directory.offset) {
    throw Malformed("its directory lies outside the archive");
  }
  if (directory.entries > directory.size / kCentralBytes) {
    throw Malformed(
        fmt::format("its directory of {} bytes claims {} entries", directory.size, directory.entries));
  }
  return directory;
}

/// One entry as the directory describes it.
struct Described {
  std::string name;
  std::uint32_t crc32 = 0;
  std::uint64_t size = 0, stored_size = 0, offset = 0;
  bool is_plain = true;
};

/// Replaces the numbers that stand in the ZIP64 extra field.
void take_extra64(Bytes extra, Described& entry) {
  ByteReader reader(extra);
  while (reader.left() >= 4) {
    const auto id = reader.number<std::uint16_t>();
    ByteReader field(reader.take(reader.number<std::uint16_t>()));
    if (id != 0x0001) continue;
    for (std::uint64_t* number : {&entry.size, &entry.stored_size, &entry.offset}) {
      if (*number == kSee64) *number = field.number<std::uint64_t>();
    }
    return;
  }
}

Described read_described(ByteReader& reader) {
  if (reader.number<std::uint32_t>() != kCentralHeader) throw Malformed("its directory is damaged");
  reader.take(4);
  const auto flags = reader.number<std::uint16_t>();
  const auto method = reader.number<std::uint16_t>();
  reader.take(4);
  Described entry;
  entry.crc32 = reader.number<std::uint32_t>();
  entry.stored_size = reader.number<std::uint32_t>();
  entry.size = reader.number<std::uint32_t>();
  const auto name_bytes = reader.number<std::uint16_t>();
  const auto extra_bytes = reader.number<std::uint16_t>();
  const auto comment_bytes = reader.number<std::uint16_t>();
  reader.take(8);
  entry.offset = reader.number<std::uint32_t>();
  entry.name = reader.text(name_bytes);
  take_extra64(reader.take(extra_bytes), entry);
  reader.take(comment_bytes);
  entry.is_plain = (flags & 1) == 0 && method == 0 && entry.size == entry.stored_size;
  return entry;
}

/// The bytes of an entry, which stand behind a header of their own.
Bytes locate(Bytes archive, const Described& entry) {
  ByteReader reader(archive, std::min<std::uint64_t>(entry.offset, archive.size()));
  if (reader.left() < 30 || reader.number<std::uint32_t>() != kLocalHeader) {
    throw Malformed(fmt::format("{} is not where the directory says", printable(entry.name)));
  }
  reader.take(22);
  const auto name_bytes = reader.number<std::uint16_t>();
  const auto extra_bytes = reader.number<std::uint16_t>();
  if (reader.text(name_bytes) != entry.name) {
    throw Malformed(fmt::format("{} has another name in the directory", printable(entry.name)));
  }
  reader.take(extra_bytes);
  return reader.take(entry.stored_size);
}

}  // namespace

ZipArchive::ZipArchive(Bytes archive) {
  std::uint64_t end = 0;
  const Directory directory = find_directory(archive, end);
  ByteReader reader(archive.subspan(directory.offset, directory.size));
  std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges;
  for (std::uint64_t i = 0; i < directory.entries; ++i) {
    const Described entry = read_described(reader);
    const Bytes data = locate(archive.first(directory.offset), entry);
    ranges.emplace_back(entry.offset, static_cast<std::uint64_t>(data.data() - archive.data()) + data.size());
    if (!entries_.emplace(entry.name, Entry{data, entry.crc32, entry.is_plain}).second) {
      throw Malformed(fmt::format("it holds {} twice", printable(entry.name)));
    }
  }
  std::sort(ranges.begin(), ranges.end());
  for (std::size_t i = 1; i < ranges.size(); ++i) {
    if (ranges[i].first < ranges[i - 1].second) throw Malformed("its entries overlap");
  }
}

Bytes ZipArchive::content(const std::string& name) const {
  const auto found = entries_.find(name);
  if (found == entries_.end()) throw Malformed(fmt::format("it has no {}", printable(name)));
  if (!found->second.is_plain) {
    throw Malformed(fmt::format(
        "{} is compressed or encrypted, but must be stored plainly, as torch.save does", printable(name)));
  }
  if (crc32(found->second.data) != found->second.crc32) {
    throw Malformed(fmt::format("{} is damaged: its checksum does not agree", printable(name)));
  }
  return found->second.data;
}

std::uint32_t crc32(Bytes data) {
  // Eight tables, so that eight bytes are taken at once (Kounavis and Berry 2005).
  static const auto kTables = [] {
    std::array<std::array<std::uint32_t, 256>, 8> tables{};
    for (std::uint32_t i = 0; i < 256; ++i) {
      std::uint32_t value = i;
      for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1) != 0 ? 0xedb88320U : 0U);
      tables[0][i] = value;
    }
    for (std::size_t t = 1; t < 8; ++t) {
      for (std::size_t i = 0; i < 256; ++i) {
        const std::uint32_t before = tables[t - 1][i];
        tables[t][i] = (before >> 8) ^ tables[0][before & 0xff];
      }
    }
    return tables;
  }();
  std::uint32_t crc = 0xffffffff;
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(data.data());
  std::size_t left = data.size();
  for (; left >= 8; left -= 8, bytes += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes, 8);
    word ^= crc;
    crc = 0;
    for (std::size_t i = 0; i < 8; ++i) crc ^= kTables[7 - i][(word >> (8 * i)) & 0xff];
  }
  for (; left > 0; --left, ++bytes) crc = (crc >> 8) ^ kTables[0][(crc ^ *bytes) & 0xff];
  return ~crc;
}

}  // namespace segbench::weights
