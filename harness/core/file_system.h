// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

namespace segbench::core {

/// Whether a file, or the nearest folder above it that is there, lies on a file system that several machines
/// may mount (NFS, SMB, Lustre, GPFS, …, and FUSE, which tells nothing of what is behind it). Unknown ones
/// are taken for local.
bool is_on_network(const std::filesystem::path& file);

/// The same by `f_type` of statfs(2).
bool is_network_type(long type);

}  // namespace segbench::core
