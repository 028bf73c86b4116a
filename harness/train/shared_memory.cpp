// SPDX-License-Identifier: MIT
#include "harness/train/shared_memory.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "harness/core/error.h"

namespace segbench::train {
namespace {

[[noreturn]] void refuse(const char* what, std::size_t bytes, int error) {
  throw core::UserError(fmt::format("training.processes: {} of {} bytes of shared memory failed: {}", what,
                                    bytes, std::strerror(error)));
}

}  // namespace

SharedMemory::SharedMemory(int descriptor, std::size_t bytes) : descriptor_(descriptor), size_(bytes) {
  void* mapped = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
  if (mapped == MAP_FAILED) {
    const int error = errno;
    close_descriptor();
    refuse("mapping", bytes, error);
  }
  data_ = static_cast<std::byte*>(mapped);
}

SharedMemory SharedMemory::create(std::size_t bytes) {
  const int descriptor = ::memfd_create("segbench", 0);
  if (descriptor < 0) refuse("making", bytes, errno);
  // Pages are taken now: later a lack of them would be a SIGBUS.
  if (const int error = ::posix_fallocate(descriptor, 0, static_cast<off_t>(bytes)); error != 0) {
    ::close(descriptor);
    refuse("reserving", bytes, error);
  }
  return SharedMemory(descriptor, bytes);
}

SharedMemory SharedMemory::inherited(int descriptor) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0 || status.st_size <= 0)
    throw core::UserError(fmt::format(
        "--memory {} is no shared memory: `segbench-worker replica` is started by `train`", descriptor));
  return SharedMemory(descriptor, static_cast<std::size_t>(status.st_size));
}

SharedMemory::SharedMemory(SharedMemory&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)) {}

SharedMemory::~SharedMemory() {
  if (data_ != nullptr) ::munmap(data_, size_);
  close_descriptor();
}

void SharedMemory::close_descriptor() {
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

}  // namespace segbench::train
