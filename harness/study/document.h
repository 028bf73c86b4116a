// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/study/node.h"
#include "harness/study/problems.h"
#include "harness/study/toml_reader.h"

namespace segbench::study {

/// An experiment file with all that it inherits and the overrides of the command line laid over each other.
struct Document {
  Node root;
  std::string source;               ///< text of the file itself
  std::vector<Override> overrides;  ///< those that were understood
};

/// Reads `file` and its chain of `extends` and applies `overrides` ("key=value"). An override of a setting
/// that is an axis of the matrix leaves this axis the one value. Throws core::UserError when a file cannot be
/// read, is no TOML, or inherits from itself; overrides that cannot be understood are added to `problems`.
Document load_document(const std::filesystem::path& file, const std::vector<std::string>& overrides,
                       ProblemList& problems);

/// Lays the overrides that touch settings at `path`, or below it, over `settings` once more, so that what a
/// matrix or a [[variant]] has put there does not win over the command line.
void reapply_overrides(Node& settings, std::string_view path, const std::vector<Override>& overrides);

/// True when an override sets something at, below or above `path`: then what the file says about that setting
/// (an exclude, a claim) may have lost its object without being wrong.
bool is_overridden(std::string_view path, const std::vector<Override>& overrides);

}  // namespace segbench::study
