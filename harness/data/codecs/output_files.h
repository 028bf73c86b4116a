// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <vector>

namespace segbench::data {

/// What a command is about to write, and what it must not touch.
struct OutputPlan {
  std::vector<std::filesystem::path> files;   ///< to be written
  std::vector<std::filesystem::path> inputs;  ///< files that the command reads
  std::filesystem::path data_root;            ///< folder of the study's data set; "" for built-in data
  bool force = false;                         ///< replace earlier outputs of Segbench
};

/// Whether Segbench has written this file: a PNG that says so (write_png()), probabilities
/// (write_probabilities()), or the list of classes of an export.
bool is_own_output(const std::filesystem::path& file);

/// Throws core::UserError naming every file that must not be written, before anything is computed: two of one
/// name, an input, what lies in the data set's folders or would come to lie among its files, a file that
/// Segbench did not write, and, without `force`, one that it did.
void check_outputs(const OutputPlan& plan);

}  // namespace segbench::data
