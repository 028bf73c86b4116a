// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/cli/command.h"
#include "results/store/store.h"

namespace segbench::cli {

/// runs/results.sqlite.
std::filesystem::path store_file(const Context& context);

/// The study that a command is about. `argument` is its name or a unique beginning of it, or the path of its
/// experiment file; "" stands for the only study that there is. Throws core::UserError when none or several
/// fit.
std::string select_study(const store::Store& store, const std::string& argument);

/// Whether `argument` can only be meant as a trial: no study begins so, and a trial does.
bool names_a_trial(const store::Store& store, const std::string& argument);

/// A line on stderr, "note: …".
void note(const std::string& text);

}  // namespace segbench::cli
