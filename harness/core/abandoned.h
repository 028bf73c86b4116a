// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

// What takes its place in one step is written beside it first, as PLACE.tmp-PROCESS. A process that is killed
// meanwhile leaves that behind; whoever writes to the same place next removes it.

namespace segbench::core {

/// The file or folder beside `place` in which this process writes what will stand there.
std::filesystem::path temporary_neighbour(const std::filesystem::path& place);

/// Removes the temporary neighbours of `place` whose processes are gone. On a network file system they may be
/// those of another machine, of which nothing is known: all of them stay. What cannot be removed stays, too.
void remove_abandoned(const std::filesystem::path& place);

}  // namespace segbench::core
