// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace segbench::core {

/// The whole file as bytes; throws UserError naming the file when it cannot be read.
std::string read_file(const std::filesystem::path& file);

/// When a file that is written is on the disk. kNow: before the function returns. kLater: when the system
/// gets to it, which takes a small file much less time: for what can be made again after a crash of the
/// machine. (One of the process loses nothing.)
enum class OnDisk { kNow, kLater };

/// Replaces `file` in one step: writes a temporary neighbour, syncs it to disk, renames it over `file` and
/// syncs the folder. After a crash at any instruction `file` holds either all of its old or all of its new
/// bytes. A symbolic link is followed; a device or a pipe is written into.
void write_file_atomically(const std::filesystem::path& file, std::string_view content,
                           OnDisk on_disk = OnDisk::kNow);

/// The same for content that is written in pieces; `write` is handed an append function.
using AppendBytes = std::function<void(std::span<const std::byte>)>;
void write_file_atomically(const std::filesystem::path& file,
                           const std::function<void(const AppendBytes&)>& write,
                           OnDisk on_disk = OnDisk::kNow);

/// Flushes a folder's entries (created, renamed and removed names) to disk.
void sync_folder(const std::filesystem::path& folder);

/// A file mapped read-only into memory; pages are shared by all processes that map it.
class MappedFile {
 public:
  explicit MappedFile(const std::filesystem::path& file);
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();

  std::span<const std::byte> bytes() const { return {data_, size_}; }

 private:
  const std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace segbench::core
