// SPDX-License-Identifier: MIT
#pragma once

namespace segbench::fetch {

/// A shared library that is loaded when it is first needed. Throws core::UserError that says what cannot be
/// done without it ("nothing can be downloaded") and which Debian package has it.
void* load_library(const char* name, const char* without, const char* package);

/// A function of it; throws core::UserError when there is none of this name.
void* find_function(void* library, const char* library_name, const char* name);

template <typename Function>
Function function_of(void* library, const char* library_name, const char* name) {
  return reinterpret_cast<Function>(find_function(library, library_name, name));
}

}  // namespace segbench::fetch
