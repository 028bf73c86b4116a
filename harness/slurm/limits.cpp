// SPDX-License-Identifier: MIT
#include "harness/slurm/limits.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <sstream>
#include <vector>

#include "harness/core/error.h"
#include "harness/core/text.h"
#include "harness/slurm/client.h"

namespace segbench::slurm {
namespace {

std::optional<std::int64_t> leading_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() ? std::optional(number) : std::nullopt;
}

/// The value of "key = value" lines or "key=value" lists.
std::string_view value_of(std::string_view text, std::string_view key) {
  for (std::size_t at = text.find(key); at != std::string_view::npos; at = text.find(key, at + 1)) {
    const bool begins_word = at == 0 || text[at - 1] == '\n' || text[at - 1] == ',' || text[at - 1] == ' ';
    const std::size_t sign = text.find_first_not_of(' ', at + key.size());
    if (!begins_word || sign == std::string_view::npos || text[sign] != '=') continue;
    return core::trim(text.substr(sign + 1, text.find_first_of(",\n", sign) - sign - 1));
  }
  return {};
}

}  // namespace

std::optional<int> parse_minutes(std::string_view given) {
  const std::string_view text = core::trim(given);
  if (text.empty() || text.find_first_not_of("0123456789:-") != std::string_view::npos) return std::nullopt;
  const std::size_t dash = text.find('-');
  const std::int64_t days = dash == std::string_view::npos ? 0 : leading_number(text).value_or(0);
  const std::vector<std::string> parts =
      core::split(text.substr(dash == std::string_view::npos ? 0 : dash + 1), ':');
  std::vector<std::int64_t> numbers;
  for (const std::string& part : parts) numbers.push_back(leading_number(part).value_or(0));
  if (numbers.size() > 3) return std::nullopt;
  // Behind days: hours[:minutes[:seconds]]; else minutes[:seconds] or hours:minutes:seconds.
  std::int64_t seconds = 0;
  if (dash != std::string_view::npos || numbers.size() == 3) {
    numbers.resize(3);
    seconds = numbers[0] * 3600 + numbers[1] * 60 + numbers[2];
  } else {
    numbers.resize(2);
    seconds = numbers[0] * 60 + numbers[1];
  }
  return static_cast<int>(days * 24 * 60 + (seconds + 59) / 60);
}

Limits parse_config(std::string_view text) {
  Limits limits{.most_tasks = kMostTasks};
  for (const char* key : {"MaxArraySize", "max_array_tasks"}) {
    if (const auto most = leading_number(value_of(text, key)); most && *most > 0)
      limits.most_tasks = std::min(limits.most_tasks, static_cast<std::size_t>(*most));
  }
  if (const auto seconds = leading_number(value_of(text, "KillWait")))
    limits.kill_wait_seconds = static_cast<double>(*seconds);
  return limits;
}

Limits ask_limits(const std::string& partition) {
  const run::CommandResult config = call({"scontrol", "show", "config"});
  if (config.code != 0) {
    const std::string_view words = core::trim(config.err);
    throw core::UserError(fmt::format("Slurm does not answer: {}; {}",
                                      words.empty() ? "scontrol says nothing" : words, kOtherEngines),
                          core::kTrialFailed);
  }
  Limits limits = parse_config(config.out);
  std::vector<std::string> ask = {"sinfo", "-h", "-o", "%P|%l"};
  if (!partition.empty()) ask.insert(ask.end(), {"-p", partition});
  std::istringstream lines(answer(ask, core::kTrialFailed));
  std::vector<std::string> found;
  for (std::string line; std::getline(lines, line);) {
    const std::size_t bar = line.find('|');
    if (bar == std::string::npos) continue;
    found.push_back(line.substr(0, bar));
    const bool is_meant = !partition.empty() || found.back().ends_with('*');
    if (!is_meant) continue;
    limits.most_minutes = parse_minutes(std::string_view(line).substr(bar + 1));
    return limits;
  }
  if (partition.empty()) return limits;  // a cluster without a default one: sbatch says so
  throw core::UserError(fmt::format("the cluster has no partition \"{}\"; sinfo lists them", partition));
}

}  // namespace segbench::slurm
