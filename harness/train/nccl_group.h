// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "harness/train/process_group.h"

namespace segbench::train {

/// The processes of `host`, with what lies on `entry.device` added up by NCCL, from the first of `files` that
/// is one. Where it is not there in all of them, or where two of them share a GPU: `host` itself. Throws what
/// `entry.look` does.
std::unique_ptr<ProcessGroup> join_by_nccl(std::unique_ptr<ProcessGroup> host, const GroupEntry& entry,
                                           const std::vector<std::string>& files);

}  // namespace segbench::train
