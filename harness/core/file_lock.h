// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace segbench::core {

/// Who holds a lock, as its file says.
struct LockOwner {
  int process = 0;  ///< 0: unknown
  std::string host = {};
  std::string nonce = {};        ///< of this one acquisition
  std::string job = {};          ///< its Slurm job; "": none
  int restarts = 0;              ///< how often Slurm had started that job anew
  std::uint64_t started_at = 0;  ///< start of the process, in ticks since its machine was started
  bool operator==(const LockOwner&) const = default;
};
/// What this process would sign a lock with.
LockOwner this_owner();
/// The line of a lock's file, and back; "" and what else does not fit is an unknown owner.
std::string to_line(const LockOwner& owner);
LockOwner parse_lock_owner(std::string_view line);
/// "process 12 on host n1 (Slurm job 7)".
std::string describe(const LockOwner& owner);
/// Whether an owner can no longer be at work: its process on this host is gone, or Slurm has started its job
/// anew since, as `us`. Of a process on another host nothing is known.
bool is_gone(const LockOwner& owner, const LockOwner& us);

/// An exclusive advisory lock on a file, created when absent; released when the object or the process ends.
///
/// flock(2) keeps others out. Where a file system has none (ENOSYS, ENOLCK, EOPNOTSUPP: Lustre, some NFS), a
/// file FILE.owner does, created by the holder and removed at its end; one whose owner is gone is taken over,
/// and only the owner's word or a person can tell that of a process on another host.
///
/// Either way the file names its owner, and is_held() reads it again: a holder that was taken for dead (a
/// node that lost its network, flock that works within one host only) finds another one's name and must stop
/// writing. Throws core::UserError (kTrialFailed) when the file cannot be opened or locked at all.
class FileLock {
 public:
  /// Empty when another process holds the lock.
  static std::optional<FileLock> try_acquire(const std::filesystem::path& file);
  /// Waits until the lock is free; says on stderr for whom when that takes seconds.
  static FileLock acquire(const std::filesystem::path& file);
  /// Who holds the lock; empty when nobody does. Takes nothing.
  static std::optional<LockOwner> holder(const std::filesystem::path& file);

  /// Whether the file still names this holder.
  bool is_held() const;
  /// Throws core::UserError (kTryAgain) that names the new holder when it does not.
  void require_held() const;

  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&&) = delete;
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  ~FileLock();

 private:
  FileLock(int descriptor, std::filesystem::path signature, LockOwner owner);
  static std::optional<FileLock> take_owner_file(const std::filesystem::path& file);
  int descriptor_;                   ///< that flock holds; -1: the owner file is the lock
  std::filesystem::path signature_;  ///< the file that names the owner; "" when it was moved from
  LockOwner owner_;
};

/// What a person does about an owner file whose owner has died on another host, as the end of a sentence; ""
/// where that cannot be: the kernel frees what flock holds.
std::string how_to_free(const std::filesystem::path& file, const LockOwner& owner);

/// The file that stands for the lock `file` where there is no flock.
std::filesystem::path owner_file(const std::filesystem::path& file);

}  // namespace segbench::core
