// SPDX-License-Identifier: MIT
#include "harness/cli/engine_options.h"

#include <fmt/format.h>

#include "harness/core/error.h"
#include "harness/core/text.h"

namespace segbench::cli {

void add_engine_command(CLI::App& command, std::vector<std::string>& texts) {
  command
      .add_option("--engine-command", texts,
                  "NAME=COMMAND: an engine of your own (docs/engine-protocol.md); may be repeated")
      ->allow_extra_args(false);
}

std::map<std::string, std::vector<std::string>> own_engines(const std::vector<std::string>& texts) {
  std::map<std::string, std::vector<std::string>> own;
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) {
      throw core::UserError(fmt::format(
          "--engine-command needs NAME=COMMAND, such as \"mine=python3 mine.py\", but is \"{}\"", text));
    }
    std::vector<std::string>& words = own[text.substr(0, equals)];
    for (const std::string& word : core::split(text.substr(equals + 1), ' ')) {
      if (!word.empty()) words.push_back(word);
    }
  }
  return own;
}

}  // namespace segbench::cli
