// SPDX-License-Identifier: MIT
#include "harness/core/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <thread>
#include <utility>

#include "harness/core/error.h"
#include "harness/core/machine.h"
#include "harness/core/streams.h"

namespace segbench::core {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds kPause{50};
constexpr int kPausesBeforeWord = 100;
/// After an owner file was taken over: long enough for a former owner to end the write that it is in, and for
/// another one who takes over at the same time to be seen.
constexpr std::chrono::seconds kSettle{2};
/// An owner file without content this old was left by a process that died while it created it.
constexpr std::chrono::minutes kUnsigned{1};

[[noreturn]] void fail_lock(const fs::path& file, std::string_view what) {
  throw UserError(fmt::format("{}: {}: {}", file.string(), what, system_message(errno)), kTrialFailed);
}

enum class Flock { kTaken, kHeld, kUnsupported };

Flock flock_without_waiting(int descriptor, int operation, const fs::path& file) {
  while (::flock(descriptor, operation | LOCK_NB) != 0) {
    if (errno == EINTR) continue;
    if (errno == EWOULDBLOCK) return Flock::kHeld;
    if (errno == ENOSYS || errno == ENOLCK || errno == EOPNOTSUPP) return Flock::kUnsupported;
    const int error = errno;
    ::close(descriptor);
    errno = error;
    fail_lock(file, "cannot be locked");
  }
  return Flock::kTaken;
}

int open_lock_file(const fs::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor < 0) fail_lock(file, "cannot be opened as a lock");
  return descriptor;
}

/// Whoever a file names; empty when there is no such file.
std::optional<LockOwner> named_in(const fs::path& file) {
  std::ifstream in(file);
  if (!in) return std::nullopt;
  return parse_lock_owner(std::string(std::istreambuf_iterator<char>(in), {}));
}

bool write_new(const fs::path& file, const std::string& text) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (descriptor < 0 && errno == EEXIST) return false;
  if (descriptor < 0) fail_lock(file, "cannot be created as a lock");
  const ssize_t written = ::write(descriptor, text.data(), text.size());
  const bool is_whole = written == static_cast<ssize_t>(text.size()) && ::fsync(descriptor) == 0;
  const int error = errno;
  ::close(descriptor);
  if (is_whole) return true;
  ::unlink(file.c_str());
  errno = error;
  fail_lock(file, "cannot be written");
}

bool was_left_unsigned(const fs::path& file, const LockOwner& owner) {
  std::error_code error;
  const auto written = fs::last_write_time(file, error);
  return owner.process == 0 && !error && fs::file_time_type::clock::now() - written > kUnsigned;
}

}  // namespace

fs::path owner_file(const fs::path& file) {
  return file.string() + ".owner";
}

std::string how_to_free(const fs::path& file, const LockOwner& owner) {
  std::error_code error;
  const fs::path signature = owner_file(file);
  if (!fs::exists(signature, error) || owner.host == host_name()) return "";
  return fmt::format(" (this file system has no locks: when that process is dead, remove {})",
                     signature.string());
}

FileLock::FileLock(int descriptor, fs::path signature, LockOwner owner)
    : descriptor_(descriptor), signature_(std::move(signature)), owner_(std::move(owner)) {}

FileLock::FileLock(FileLock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      signature_(std::exchange(other.signature_, {})),
      owner_(std::move(other.owner_)) {}

std::optional<FileLock> FileLock::take_owner_file(const fs::path& file) {
  const fs::path signature = owner_file(file);
  const LockOwner us = this_owner();
  if (write_new(signature, to_line(us))) return FileLock(-1, signature, us);
  const std::optional<LockOwner> owner = named_in(signature);
  if (!owner || (!is_gone(*owner, us) && !was_left_unsigned(signature, *owner))) return std::nullopt;
  const fs::path ours = signature.string() + ".new-" + us.nonce;
  write_new(ours, to_line(us));
  if (::rename(ours.c_str(), signature.c_str()) != 0) fail_lock(signature, "cannot be taken over");
  std::this_thread::sleep_for(kSettle);
  FileLock lock(-1, signature, us);
  if (!lock.is_held()) return std::nullopt;  // another one took it over at the same time
  return lock;
}

std::optional<FileLock> FileLock::try_acquire(const fs::path& file) {
  const int descriptor = open_lock_file(file);
  const Flock found = flock_without_waiting(descriptor, LOCK_EX, file);
  if (found != Flock::kTaken) ::close(descriptor);
  if (found == Flock::kUnsupported) return take_owner_file(file);
  if (found == Flock::kHeld) return std::nullopt;
  FileLock lock(descriptor, file, this_owner());
  const std::string line = to_line(lock.owner_);
  const bool is_signed = ::ftruncate(descriptor, 0) == 0 && ::pwrite(descriptor, line.data(), line.size(),
                                                                     0) == static_cast<ssize_t>(line.size());
  if (!is_signed) fail_lock(file, "cannot be written");
  return lock;
}

FileLock FileLock::acquire(const fs::path& file) {
  for (int pauses = 0;; ++pauses) {
    if (auto lock = try_acquire(file)) return std::move(*lock);
    const std::optional<LockOwner> owner = pauses == kPausesBeforeWord ? holder(file) : std::nullopt;
    if (owner)
      fmt::print(stderr, "waiting for {}, which {} holds{}\n", file.string(), describe(*owner),
                 how_to_free(file, *owner));
    std::this_thread::sleep_for(kPause);
  }
}

std::optional<LockOwner> FileLock::holder(const fs::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return std::nullopt;
  const Flock found = flock_without_waiting(descriptor, LOCK_SH, file);
  ::close(descriptor);
  if (found == Flock::kTaken) return std::nullopt;
  if (found == Flock::kHeld) return named_in(file).value_or(LockOwner{});
  const fs::path signature = owner_file(file);
  const std::optional<LockOwner> owner = named_in(signature);
  if (!owner || is_gone(*owner, this_owner()) || was_left_unsigned(signature, *owner)) return std::nullopt;
  return owner;
}

bool FileLock::is_held() const {
  const std::optional<LockOwner> owner = named_in(signature_);
  return owner && owner->nonce == owner_.nonce;
}

void FileLock::require_held() const {
  if (is_held()) return;
  const std::optional<LockOwner> owner = named_in(signature_);
  throw UserError(fmt::format("{}: lost: {}; nothing more is written here", signature_.string(),
                              owner ? "it belongs to " + describe(*owner) + " now" : "the file was removed"),
                  kTryAgain);
}

FileLock::~FileLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (descriptor_ < 0 && !signature_.empty() && is_held()) ::unlink(signature_.c_str());
}

}  // namespace segbench::core
