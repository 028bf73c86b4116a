// SPDX-License-Identifier: MIT
#include "harness/profile/iterations.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/core/error.h"

namespace segbench::profile {
namespace {

using core::Json;

/// Whether it is a list of so many numbers that are at least `least`.
bool are_times(const Json& times, std::int64_t count, double least) {
  return times.is_array() && std::ssize(times) == count &&
         std::all_of(times.begin(), times.end(),
                     [&](const Json& time) { return time.is_number() && time.get<double>() >= least; });
}

}  // namespace

Json run_iterations(EngineLink& link, std::int64_t iterations, std::chrono::seconds patience) {
  constexpr double kLeast = 1;  // nanosecond of a forward pass; a stage that there is none of has 0
  Json answer = link.ask({{"do", "run"}, {"iterations", iterations}}, patience);
  const auto fail = [&](const std::string& what) {
    throw core::UserError(fmt::format("its answer to \"run\" does not hold {} of each iteration", what));
  };
  if (!answer.contains("ns") || !are_times(answer.at("ns"), iterations, kLeast)) fail("a positive time");
  Json& stages = answer["stages"];
  if (stages.is_null()) stages = Json::object();
  if (!stages.is_object()) fail("stages by name");
  for (const auto& [stage, times] : stages.items()) {
    if (!are_times(times, iterations, 0)) fail(fmt::format("the time for the stage {}", stage));
  }
  return answer;
}

std::vector<double> time_iterations(EngineLink& link, std::int64_t iterations,
                                    std::chrono::seconds patience) {
  return run_iterations(link, iterations, patience).at("ns").get<std::vector<double>>();
}

}  // namespace segbench::profile
