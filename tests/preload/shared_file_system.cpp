// SPDX-License-Identifier: MIT
// Preloaded into a program (LD_PRELOAD), makes every file system look like a Lustre without locks: flock(2)
// is not there, and statfs(2) tells its type.
#include <dlfcn.h>
#include <sys/vfs.h>

#include <cerrno>

extern "C" {

int flock(int, int) noexcept {
  errno = ENOSYS;
  return -1;
}

int statfs(const char* file, struct statfs* status) noexcept {
  using Function = int (*)(const char*, struct statfs*);
  static const auto real = reinterpret_cast<Function>(::dlsym(RTLD_NEXT, "statfs"));
  const int result = real(file, status);
  if (result == 0) status->f_type = 0x0BD00BD0;
  return result;
}
}
