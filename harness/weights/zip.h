// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <string>

#include "harness/weights/bytes.h"

namespace segbench::weights {

/// The directory of a zip archive in memory (PKWARE's APPNOTE 6.3, ZIP64 included), as far as PyTorch writes
/// tensors: entries are stored, not compressed. Throws Malformed for truncation, for entries that lie outside
/// the archive, overlap or repeat a name, and for names that differ between directory and entry.
class ZipArchive {
 public:
  struct Entry {
    Bytes data;  ///< as stored
    std::uint32_t crc32 = 0;
    bool is_plain = true;  ///< neither compressed nor encrypted
  };

  explicit ZipArchive(Bytes archive);

  const std::map<std::string, Entry>& entries() const { return entries_; }
  /// The content of an entry. Throws Malformed when there is none of this name, when it is compressed or
  /// encrypted, and when its checksum does not agree.
  Bytes content(const std::string& name) const;

 private:
  std::map<std::string, Entry> entries_;
};

/// CRC-32 as in zip and PNG (polynomial 0xedb88320). Ours and not zlib's, because the worker reads weights
/// and links LibTorch and nothing else.
std::uint32_t crc32(Bytes data);

}  // namespace segbench::weights
