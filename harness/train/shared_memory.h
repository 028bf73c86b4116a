// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>

namespace segbench::train {

/// Memory that a process shares with those that it starts. It has no name: nothing is left of it when the
/// last of them has ended, however they end, and the size of /dev/shm does not matter.
class SharedMemory {
 public:
  /// Zeros. Throws core::UserError where the machine, or our control group, has not so much left.
  static SharedMemory create(std::size_t bytes);
  /// That of the process which started this one, by the number of its descriptor there. Throws
  /// core::UserError.
  static SharedMemory inherited(int descriptor);

  SharedMemory(SharedMemory&& other) noexcept;
  SharedMemory& operator=(SharedMemory&&) = delete;
  SharedMemory(const SharedMemory&) = delete;
  SharedMemory& operator=(const SharedMemory&) = delete;
  ~SharedMemory();

  std::span<std::byte> bytes() const { return {data_, size_}; }
  /// Processes started while it is open inherit it.
  int descriptor() const { return descriptor_; }
  void close_descriptor();

 private:
  SharedMemory(int descriptor, std::size_t bytes);

  int descriptor_;
  std::byte* data_ = nullptr;
  std::size_t size_;
};

}  // namespace segbench::train
