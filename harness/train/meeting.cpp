// SPDX-License-Identifier: MIT
#include "harness/train/meeting.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <ctime>
#include <new>
#include <utility>

#include "harness/core/error.h"

namespace segbench::train {
namespace {

constexpr std::size_t kLine = 64;  ///< bytes that travel between the caches of cores together
constexpr std::uint64_t kMark = 0x676e697465656d53;
/// After which one that sleeps looks whether the others live.
constexpr long kNapNanoseconds = 50'000'000;

struct alignas(kLine) MeetingHead {
  std::uint64_t mark = kMark;
  std::int32_t processes = 0;
  std::int32_t spin_us = 0;
  pid_t leader = 0;
};

const MeetingHead& head_in(const SharedMemory& memory) {
  const auto* head = reinterpret_cast<const MeetingHead*>(memory.bytes().data());
  if (memory.bytes().size() < sizeof(MeetingHead) || head->mark != kMark)
    throw core::UserError("--memory: this is not where the processes of a trial meet");
  return *head;
}

/// Tells the processor that this is a loop which waits.
void relax() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

/// Returns false after kNapNanoseconds.
bool sleep_while(const std::atomic<std::uint32_t>& word, std::uint32_t value) {
  const timespec nap{0, kNapNanoseconds};
  return ::syscall(SYS_futex, &word, FUTEX_WAIT, value, &nap, nullptr, 0) == 0 || errno != ETIMEDOUT;
}

void wake_all(const std::atomic<std::uint32_t>& word) {
  ::syscall(SYS_futex, &word, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
}

}  // namespace

struct alignas(kLine) Meeting::Place {
  std::atomic<std::uint32_t> times{0};             ///< that its process has come
  mutable std::atomic<std::uint32_t> sleepers{0};  ///< who wait for that to grow
};
static_assert(std::atomic<std::uint32_t>::is_always_lock_free, "else it could not be shared");

SharedMemory Meeting::memory_for(int processes, std::chrono::microseconds spin) {
  const auto size = static_cast<std::size_t>(processes);
  SharedMemory memory =
      SharedMemory::create(sizeof(MeetingHead) + size * sizeof(Place) + 2 * (size + 1) * kSlotBytes);
  std::byte* at = memory.bytes().data();
  new (at) MeetingHead{
      .processes = processes, .spin_us = static_cast<std::int32_t>(spin.count()), .leader = ::getpid()};
  for (std::size_t i = 0; i < size; ++i) new (at + sizeof(MeetingHead) + i * sizeof(Place)) Place;
  return memory;
}

Meeting::Meeting(SharedMemory memory, int rank, std::function<void()> look)
    : memory_(std::move(memory)), rank_(rank), look_(std::move(look)) {
  const MeetingHead& head = head_in(memory_);
  SEGBENCH_CHECK(rank >= 0 && rank < head.processes, "rank {} of {}", rank, head.processes);
  size_ = head.processes;
  spin_ = std::chrono::microseconds(head.spin_us);
}

pid_t Meeting::leader_of(const SharedMemory& memory) {
  return head_in(memory).leader;
}

Meeting::Place& Meeting::place(int rank) const {
  return *reinterpret_cast<Place*>(memory_.bytes().data() + sizeof(MeetingHead) +
                                   static_cast<std::size_t>(rank) * sizeof(Place));
}

std::byte* Meeting::slot(int rank) const {
  const auto size = static_cast<std::size_t>(size_);
  return memory_.bytes().data() + sizeof(MeetingHead) + size * sizeof(Place) +
         (static_cast<std::size_t>(set_) * (size + 1) + static_cast<std::size_t>(rank)) * kSlotBytes;
}

void Meeting::wait() {
  Place& own = place(rank_);
  own.times.store(++times_);
  // Whoever falls asleep says so before it looks at the number for the last time, so one of the two sees the
  // other: both are in the one order of sequentially consistent operations.
  if (own.sleepers.load() > 0) wake_all(own.times);
  for (int rank = 0; rank < size_; ++rank) {
    if (rank != rank_) wait_for(place(rank));
  }
}

void Meeting::wait_for(const Place& other) {
  const auto has_come = [&](std::uint32_t times) { return static_cast<std::int32_t>(times - times_) >= 0; };
  if (has_come(other.times.load(std::memory_order_acquire))) return;
  for (const auto end = std::chrono::steady_clock::now() + spin_; std::chrono::steady_clock::now() < end;) {
    for (int i = 0; i < 32; ++i) {
      if (has_come(other.times.load(std::memory_order_acquire))) return;
      relax();
    }
  }
  while (true) {
    ++other.sleepers;
    const std::uint32_t times = other.times.load();
    const bool is_awake = has_come(times) || sleep_while(other.times, times);
    --other.sleepers;
    if (has_come(other.times.load(std::memory_order_acquire))) return;
    if (!is_awake && look_) look_();
  }
}

}  // namespace segbench::train
