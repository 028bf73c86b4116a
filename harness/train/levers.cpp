// SPDX-License-Identifier: MIT
#include "harness/train/levers.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>

#include "harness/core/error.h"
#include "harness/core/text.h"
#include "harness/core/worker_protocol.h"

namespace segbench::train {
namespace {

/// In the order of their names.
constexpr std::array<bool Levers::*, core::kLevers.size()> kMembers = {
    &Levers::parameter_lists, &Levers::device_counts, &Levers::channels_last, &Levers::graphs,
    &Levers::resident_data};

}  // namespace

std::vector<std::string> lever_names() {
  return {core::kLevers.begin(), core::kLevers.end()};
}

Levers levers_without(const std::vector<std::string>& names) {
  Levers levers;
  for (const std::string& left_out : names) {
    bool found = false;
    for (std::size_t i = 0; i < kMembers.size(); ++i) {
      if (core::kLevers[i] != left_out) continue;
      levers.*kMembers[i] = false;
      found = true;
    }
    if (!found)
      throw core::UserError(fmt::format("--without: unknown lever \"{}\"{}; levers: {}", left_out,
                                        core::did_you_mean(left_out, lever_names()),
                                        fmt::join(lever_names(), ", ")));
  }
  return levers;
}

core::Json to_json(const Levers& levers) {
  core::Json json = core::Json::object();
  for (std::size_t i = 0; i < kMembers.size(); ++i) json[core::kLevers[i]] = levers.*kMembers[i];
  return json;
}

}  // namespace segbench::train
