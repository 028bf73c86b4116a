// SPDX-License-Identifier: MIT
#include "harness/slurm/client.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "harness/core/error.h"
#include "harness/core/text.h"

namespace segbench::slurm {
namespace {

constexpr int kNotFound = 127;  ///< env(1): there is no such command

}  // namespace

bool belongs_to_a_job(std::string_view variable) {
  constexpr std::array<std::string_view, 4> kChoices = {"SLURM_CONF", "SLURM_CLUSTERS", "SLURM_CONF_SERVER",
                                                        "SLURM_TIME_FORMAT"};
  if (variable == "CUDA_VISIBLE_DEVICES") return std::getenv("SLURM_JOB_ID") != nullptr;
  return variable.starts_with("SLURM_") &&
         std::find(kChoices.begin(), kChoices.end(), variable) == kChoices.end();
}

run::CommandResult call(const std::vector<std::string>& command) {
  std::vector<std::string> words = {"env"};
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::string_view name = text.substr(0, text.find('='));
    if (belongs_to_a_job(name)) words.insert(words.end(), {"-u", std::string(name)});
  }
  words.insert(words.end(), command.begin(), command.end());
  run::CommandResult result = run::run_command(words);
  if (result.code == kNotFound)
    throw core::UserError(fmt::format(
        "{}: there is no such command here; is this a machine of the cluster, and is Slurm in the PATH? {}",
        command.at(0), kOtherEngines));
  return result;
}

std::string answer(const std::vector<std::string>& command, int exit_code) {
  run::CommandResult result = call(command);
  if (result.code == 0) return std::move(result.out);
  const std::string_view words = core::trim(result.err);
  throw core::UserError(
      words.empty() ? fmt::format("{}: exit code {}", shell_text(command), result.code) : std::string(words),
      exit_code);
}

std::string shell_word(const std::string& word) {
  constexpr const char* kHarmless =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+./:=,@%";
  if (!word.empty() && word.find_first_not_of(kHarmless) == std::string::npos) return word;
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? "'\\''" : std::string(1, c);
  return text + "'";
}

std::string shell_text(const std::vector<std::string>& command) {
  std::string text;
  for (const std::string& word : command) text += (text.empty() ? "" : " ") + shell_word(word);
  return text;
}

}  // namespace segbench::slurm
