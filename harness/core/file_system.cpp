// SPDX-License-Identifier: MIT
#include "harness/core/file_system.h"

#include <sys/vfs.h>

#include <algorithm>
#include <cstdint>
#include <iterator>

namespace segbench::core {
namespace {

// Most stand in <linux/magic.h>; the others in the sources of the file systems, which Linux does not include.
constexpr std::uint32_t kNetworkTypes[] = {
    0x00006969,  // NFS
    0x0000517B,  // SMB
    0xFF534D42,  // CIFS
    0xFE534D42,  // SMB2
    0x0BD00BD0,  // Lustre
    0x47504653,  // GPFS (Storage Scale)
    0x00C36400,  // Ceph
    0x5346414F,  // AFS of OpenAFS
    0x6B414653,  // AFS of the kernel
    0x19830326,  // BeeGFS
    0x20030528,  // OrangeFS
    0x01021997,  // 9P
    0x65735546,  // FUSE: sshfs, GlusterFS, …
    0x73757245,  // Coda
    0x7461636F,  // OCFS2
    0x01161970,  // GFS2
    0xAAD7AAEA,  // PanFS
};

}  // namespace

bool is_network_type(long type) {
  const auto magic = static_cast<std::uint32_t>(type);
  return std::find(std::begin(kNetworkTypes), std::end(kNetworkTypes), magic) != std::end(kNetworkTypes);
}

bool is_on_network(const std::filesystem::path& file) {
  std::error_code error;
  std::filesystem::path there = std::filesystem::absolute(file, error);
  while (!std::filesystem::exists(there, error) && there.has_relative_path()) there = there.parent_path();
  struct statfs status {};
  return ::statfs(there.c_str(), &status) == 0 && is_network_type(status.f_type);
}

}  // namespace segbench::core
