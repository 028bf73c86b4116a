// SPDX-License-Identifier: MIT
#include "harness/fetch/shared_library.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include "harness/core/error.h"

namespace segbench::fetch {

void* load_library(const char* name, const char* without, const char* package) {
  void* loaded = ::dlopen(name, RTLD_NOW | RTLD_LOCAL);
  if (loaded != nullptr) return loaded;
  throw core::UserError(fmt::format("{} cannot be loaded, without which {}: {} (Debian: apt-get install {})",
                                    name, without, ::dlerror(), package),
                        core::kTrialFailed);
}

void* find_function(void* library, const char* library_name, const char* name) {
  void* found = ::dlsym(library, name);
  if (found == nullptr)
    throw core::UserError(fmt::format("{} has no {}", library_name, name), core::kTrialFailed);
  return found;
}

}  // namespace segbench::fetch
