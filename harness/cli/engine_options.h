// SPDX-License-Identifier: MIT
#pragma once

#include <CLI/CLI.hpp>

#include <map>
#include <string>
#include <vector>

namespace segbench::cli {

/// --engine-command NAME=COMMAND, which may be repeated.
void add_engine_command(CLI::App& command, std::vector<std::string>& texts);

/// The words of each such command, by its name. Throws core::UserError for what is none.
std::map<std::string, std::vector<std::string>> own_engines(const std::vector<std::string>& texts);

}  // namespace segbench::cli
