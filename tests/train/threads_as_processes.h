// SPDX-License-Identifier: MIT
#pragma once

#include <unistd.h>

#include <functional>
#include <thread>
#include <utility>
#include <vector>

#include "harness/train/meeting.h"
#include "harness/train/process_group.h"

namespace segbench::tests {

using Joined = std::function<std::unique_ptr<train::ProcessGroup>(train::SharedMemory, int rank)>;

/// Joins the calling thread as one of several processes, in shared memory alone.
inline std::unique_ptr<train::ProcessGroup> join_here(train::SharedMemory memory, int rank) {
  train::GroupEntry entry;
  entry.rank = rank;
  return train::join(std::move(memory), entry);
}

/// Runs `work` on so many threads, each of which stands for a process of a group.
inline void as_processes(int size, const std::function<void(train::ProcessGroup&)>& work,
                         const Joined& join = join_here) {
  train::SharedMemory memory = train::Meeting::memory_for(size, std::chrono::microseconds(50));
  std::vector<std::thread> threads;
  for (int rank = 0; rank < size; ++rank) {
    threads.emplace_back([&, rank] {
      const auto group = join(train::SharedMemory::inherited(::dup(memory.descriptor())), rank);
      work(*group);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace segbench::tests
