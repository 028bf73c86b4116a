// SPDX-License-Identifier: MIT
#include "harness/train/process_group.h"

#include <utility>

#include "harness/train/nccl.h"
#include "harness/train/nccl_group.h"
#include "harness/train/shared_group.h"

namespace segbench::train {

std::unique_ptr<ProcessGroup> join(SharedMemory memory, const GroupEntry& entry) {
  auto host = std::make_unique<SharedGroup>(Meeting(std::move(memory), entry.rank, entry.look));
  if (!entry.device.is_cuda() || entry.reduce != "flat") return host;
  return join_by_nccl(std::move(host), entry, nccl_files());
}

}  // namespace segbench::train
