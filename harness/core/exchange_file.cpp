// SPDX-License-Identifier: MIT
#include "harness/core/exchange_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "harness/core/error.h"
#include "harness/core/streams.h"

namespace segbench::core {
namespace {

[[noreturn]] void fail_exchange(const std::filesystem::path& file, const char* what) {
  throw UserError(fmt::format("{}: {}: {}", file.string(), what, system_message(errno)), kTrialFailed);
}

/// A descriptor that closes itself.
struct OpenFile {
  OpenFile(const std::filesystem::path& file, int flags) : descriptor(::open(file.c_str(), flags, 0600)) {
    if (descriptor < 0) fail_exchange(file, "cannot be opened");
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() { ::close(descriptor); }
  int descriptor;
};

}  // namespace

void write_exchange(const std::filesystem::path& file, std::span<const std::byte> bytes) {
  const OpenFile out(file, O_WRONLY | O_CREAT | O_CLOEXEC);
  for (std::span<const std::byte> left = bytes; !left.empty();) {
    const ssize_t n = ::write(out.descriptor, left.data(), left.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail_exchange(file, "cannot be written");
    left = left.subspan(static_cast<std::size_t>(n));
  }
  if (::ftruncate(out.descriptor, static_cast<off_t>(bytes.size())) != 0)
    fail_exchange(file, "cannot be written");
}

void read_exchange(const std::filesystem::path& file, std::span<std::byte> bytes) {
  const OpenFile in(file, O_RDONLY | O_CLOEXEC);
  struct stat status {};
  if (::fstat(in.descriptor, &status) != 0) fail_exchange(file, "cannot be examined");
  if (static_cast<std::size_t>(status.st_size) != bytes.size())
    throw UserError(
        fmt::format("{}: has {} bytes instead of {}", file.string(), status.st_size, bytes.size()));
  while (!bytes.empty()) {
    const ssize_t n = ::read(in.descriptor, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail_exchange(file, "cannot be read");
    if (n == 0) throw UserError(fmt::format("{}: ended while it was read", file.string()));
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
}

}  // namespace segbench::core
