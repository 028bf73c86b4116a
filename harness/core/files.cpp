// SPDX-License-Identifier: MIT
#include "harness/core/files.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <utility>

#include "harness/core/abandoned.h"
#include "harness/core/error.h"
#include "harness/core/streams.h"

namespace segbench::core {
namespace {

[[noreturn]] void fail(const std::filesystem::path& file, std::string_view what) {
  throw UserError(fmt::format("{}: {}: {}", file.string(), what, system_message(errno)), kTrialFailed);
}

/// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int descriptor) : descriptor_(descriptor) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  int get() const { return descriptor_; }
  /// Whether all is well: some file systems say only now that what was written finds no room.
  bool close() { return ::close(std::exchange(descriptor_, -1)) == 0; }

 private:
  int descriptor_;
};

void write_all(int descriptor, std::span<const std::byte> data, const std::filesystem::path& file) {
  while (!data.empty()) {
    const ssize_t written = ::write(descriptor, data.data(), data.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(file, "cannot be written");
    data = data.subspan(static_cast<std::size_t>(written));
  }
}

void write_into(const std::filesystem::path& file, const std::function<void(const AppendBytes&)>& write) {
  const Descriptor out(::open(file.c_str(), O_WRONLY | O_CLOEXEC));
  if (out.get() < 0) fail(file, "cannot be opened");
  write([&](std::span<const std::byte> data) { write_all(out.get(), data, file); });
}

/// What a chain of links names in the end, whether it exists or not.
std::filesystem::path link_target(std::filesystem::path file) {
  std::error_code ignored;
  for (int links = 0; links < 40 && std::filesystem::is_symlink(file, ignored); ++links) {
    const std::filesystem::path target = std::filesystem::read_symlink(file, ignored);
    file = target.is_absolute() ? target : file.parent_path() / target;
  }
  return file;
}

}  // namespace

std::string read_file(const std::filesystem::path& file) {
  errno = 0;
  std::ifstream in(file, std::ios::binary);
  if (!in || std::filesystem::is_directory(file)) {
    const int error = errno;
    std::error_code ignored;
    if (!std::filesystem::exists(file, ignored))
      throw UserError(fmt::format("{}: there is no such file", file.string()));
    throw UserError(
        fmt::format("{}: cannot be read: {}", file.string(),
                    std::filesystem::is_directory(file, ignored) ? "it is a folder" : system_message(error)));
  }
  std::ostringstream content;
  content << in.rdbuf();
  return std::move(content).str();
}

void write_file_atomically(const std::filesystem::path& file, std::string_view content, OnDisk on_disk) {
  write_file_atomically(
      file,
      [&](const AppendBytes& append) { append(std::as_bytes(std::span(content.data(), content.size()))); },
      on_disk);
}

void write_file_atomically(const std::filesystem::path& named,
                           const std::function<void(const AppendBytes&)>& write, OnDisk on_disk) {
  // A link is followed to what it names, so that it stays a link. Only plain files are replaced: into a
  // device or a pipe the content is written as it comes.
  std::error_code unknown;
  const std::filesystem::file_status status = std::filesystem::status(named, unknown);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status) &&
      !std::filesystem::is_directory(status)) {
    return write_into(named, write);
  }
  const std::filesystem::path file = link_target(named);
  const std::filesystem::path temporary = temporary_neighbour(file);
  // Of many small files that can be made again each would look through all of them.
  if (on_disk == OnDisk::kNow) remove_abandoned(file);
  try {
    Descriptor out(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    if (out.get() < 0 && errno == ENOENT)
      throw UserError(fmt::format("{}: there is no folder {}", file.string(), file.parent_path().string()),
                      kTrialFailed);
    if (out.get() < 0) fail(file, "cannot be created");
    write([&](std::span<const std::byte> data) { write_all(out.get(), data, temporary); });
    if (on_disk == OnDisk::kNow && ::fsync(out.get()) != 0) fail(temporary, "cannot be synced to disk");
    if (!out.close()) fail(temporary, "cannot be written");
    if (::rename(temporary.c_str(), file.c_str()) != 0) fail(file, "cannot be replaced");
  } catch (...) {
    ::unlink(temporary.c_str());
    throw;
  }
  if (on_disk == OnDisk::kNow)
    sync_folder(file.has_parent_path() ? file.parent_path() : std::filesystem::path("."));
}

void sync_folder(const std::filesystem::path& folder) {
  const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.get() < 0) fail(folder, "cannot be opened");
  if (::fsync(directory.get()) != 0 && errno != EINVAL) fail(folder, "cannot be synced to disk");
}

MappedFile::MappedFile(const std::filesystem::path& file) {
  const Descriptor in(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (in.get() < 0) fail(file, "cannot be opened");
  struct stat status {};
  if (::fstat(in.get(), &status) != 0) fail(file, "cannot be examined");
  size_ = static_cast<std::size_t>(status.st_size);
  if (size_ == 0) return;
  void* address = ::mmap(nullptr, size_, PROT_READ, MAP_SHARED, in.get(), 0);
  if (address == MAP_FAILED) fail(file, "cannot be mapped into memory");
  data_ = static_cast<const std::byte*>(address);
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) ::munmap(const_cast<std::byte*>(data_), size_);
}

}  // namespace segbench::core
