// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "harness/weights/zip.h"

// Makes files as torch.save does, and files as it never would.

namespace segbench::tests {

template <typename Number>
std::string little_endian(Number value) {
  std::string bytes(sizeof value, '\0');
  std::memcpy(bytes.data(), &value, sizeof value);
  return bytes;
}

/// One entry of a zip archive with everything that may be wrong about it.
struct ZipItem {
  std::string name, data;
  std::uint16_t method = 0, flags = 0;
  std::uint32_t crc_error = 0;       ///< added to the checksum
  std::string local_name = {};       ///< when it differs
  std::int64_t claimed_bytes = -1;   ///< when it differs
  std::int64_t claimed_offset = -1;  ///< when it differs
};

inline std::uint32_t crc_of(const std::string& data) {
  return weights::crc32(std::as_bytes(std::span(data.data(), data.size())));
}

inline std::string zip_of(const std::vector<ZipItem>& items, int claimed_entries = -1) {
  std::string file, directory;
  for (const ZipItem& item : items) {
    const auto offset = static_cast<std::uint32_t>(
        item.claimed_offset >= 0 ? item.claimed_offset : static_cast<std::int64_t>(file.size()));
    const auto bytes = static_cast<std::uint32_t>(
        item.claimed_bytes >= 0 ? item.claimed_bytes : static_cast<std::int64_t>(item.data.size()));
    const std::string facts = little_endian<std::uint16_t>(item.flags) +
                              little_endian<std::uint16_t>(item.method) + std::string(4, '\0') +
                              little_endian(crc_of(item.data) + item.crc_error) + little_endian(bytes) +
                              little_endian(bytes);
    const std::string& local = item.local_name.empty() ? item.name : item.local_name;
    file += "PK\x03\x04" + std::string(2, '\0') + facts +
            little_endian(static_cast<std::uint16_t>(local.size())) + std::string(2, '\0') + local +
            item.data;
    directory += "PK\x01\x02" + std::string(4, '\0') + facts +
                 little_endian(static_cast<std::uint16_t>(item.name.size())) + std::string(12, '\0') +
                 little_endian(offset) + item.name;
  }
  const auto count =
      static_cast<std::uint16_t>(claimed_entries >= 0 ? claimed_entries : static_cast<int>(items.size()));
  return file + directory + "PK\x05\x06" + std::string(4, '\0') + little_endian(count) +
         little_endian(count) + little_endian(static_cast<std::uint32_t>(directory.size())) +
         little_endian(static_cast<std::uint32_t>(file.size())) + std::string(2, '\0');
}

/// Writes pickles of protocol 2, opcode by opcode.
struct PickleWriter {
  std::string program = std::string("\x80\x02", 2);

  PickleWriter& op(const std::string& bytes) {
    program += bytes;
    return *this;
  }
  PickleWriter& text(const std::string& value) {
    return op("X" + little_endian(static_cast<std::uint32_t>(value.size())) + value);
  }
  PickleWriter& integer(std::int64_t value) { return op(std::string("\x8a\x08") + little_endian(value)); }
  PickleWriter& tuple(const std::vector<std::int64_t>& values) {
    op("(");
    for (const std::int64_t value : values) integer(value);
    return op("t");
  }
  PickleWriter& global(const std::string& module, const std::string& name) {
    return op("c" + module + "\n" + name + "\n");
  }
  /// A tensor in the storage `key` of `count` values.
  PickleWriter& tensor(const std::string& key, std::int64_t count, const std::vector<std::int64_t>& shape,
                       const std::vector<std::int64_t>& strides, std::int64_t offset = 0,
                       const std::string& storage = "FloatStorage") {
    global("torch._utils", "_rebuild_tensor_v2").op("((").text("storage").global("torch", storage).text(key);
    text("cpu").integer(count).op("tQ").integer(offset).tuple(shape).tuple(strides).op("\x89");
    return global("collections", "OrderedDict").op(")RtR");
  }
  std::string end() const { return program + "."; }
};

/// A .pth file of a pickle and storages (key, bytes).
inline std::string pth_of(const std::string& pickle,
                          const std::vector<std::pair<std::string, std::string>>& storages = {}) {
  std::vector<ZipItem> items = {{.name = "archive/data.pkl", .data = pickle}};
  for (const auto& [key, bytes] : storages) items.push_back({.name = "archive/data/" + key, .data = bytes});
  items.push_back({.name = "archive/version", .data = "3\n"});
  return zip_of(items);
}

inline std::string floats(const std::vector<float>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)};
}

}  // namespace segbench::tests
