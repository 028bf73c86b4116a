// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>

#include "harness/train/shared_memory.h"

namespace segbench::train {

/// Where the processes of a trial meet: shared memory with a place for each of them, which tells how often it
/// has come, and with slots through which they hand on bytes. The slots are there twice: while one set is
/// read, the other is written.
class Meeting {
 public:
  /// Bytes of a slot: pieces of this size stay in the cache of a core.
  static constexpr std::size_t kSlotBytes = std::size_t{256} << 10;

  /// Memory for so many processes. `spin`: how long one that waits looks by itself before it sleeps, which is
  /// worth it where each has a CPU.
  static SharedMemory memory_for(int processes, std::chrono::microseconds spin);

  /// `look` is called now and then by one that waits for long: it may throw. Throws core::UserError when the
  /// memory is not that of a meeting.
  Meeting(SharedMemory memory, int rank, std::function<void()> look);

  /// The process that made the memory.
  static pid_t leader_of(const SharedMemory& memory);

  int rank() const { return rank_; }
  int size() const { return size_; }

  /// Until all processes have come as often as this one. What each of them wrote before is then seen by all.
  void wait();

  /// From here on the other set of slots: what it held was read by all who came to the last wait().
  void turn() { set_ = 1 - set_; }
  /// That of a process, kSlotBytes.
  std::byte* slot(int rank) const;
  /// One more, for results, kSlotBytes.
  std::byte* result() const { return slot(size_); }

 private:
  struct Place;
  Place& place(int rank) const;
  void wait_for(const Place& other);

  SharedMemory memory_;
  int rank_, size_ = 0;
  std::function<void()> look_;
  std::chrono::microseconds spin_{0};
  std::uint32_t times_ = 0;  ///< that this process has come
  int set_ = 0;
};

}  // namespace segbench::train
