// SPDX-License-Identifier: MIT
#include "harness/core/trial.h"

#include <fmt/format.h>

#include <array>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/json_problem.h"

namespace segbench::core {
namespace {

constexpr std::array<std::string_view, 5> kStatusNames = {"pending", "running", "complete", "failed",
                                                          "interrupted"};
constexpr std::array<std::string_view, 7> kReasonNames = {"",        "diverged", "out_of_memory", "crashed",
                                                          "timeout", "error",    "device"};

template <typename Enum, std::size_t N>
Enum parse(const std::array<std::string_view, N>& names, std::string_view text, const char* what) {
  for (std::size_t i = 0; i < N; ++i) {
    if (names[i] == text) return static_cast<Enum>(i);
  }
  throw UserError(fmt::format("\"{}\" is no {}", text, what));
}

}  // namespace

std::string_view to_string(TrialStatus status) {
  return kStatusNames.at(static_cast<std::size_t>(status));
}
TrialStatus trial_status_from_string(std::string_view text) {
  return parse<TrialStatus>(kStatusNames, text, "trial status");
}
std::string_view to_string(FailureReason reason) {
  return kReasonNames.at(static_cast<std::size_t>(reason));
}
FailureReason failure_reason_from_string(std::string_view text) {
  return parse<FailureReason>(kReasonNames, text, "reason of a failure");
}

Json to_json(const TrialSpec& spec) {
  return {{"schema", 1},
          {"study", spec.study},
          {"trial_id", spec.trial_id},
          {"variant_id", spec.variant_id},
          {"variant_label", spec.variant_label},
          {"axes", spec.axes},
          {"seed", spec.seed},
          {"data_fingerprint", spec.data_fingerprint},
          {"variant", to_json(spec.variant)},
          {"cache", spec.cache},
          {"splits",
           {{"train", spec.splits.train}, {"selection", spec.splits.selection}, {"test", spec.splits.test}}}};
}

TrialSpec read_trial_spec(const std::filesystem::path& file) {
  const std::string text = read_file(file);
  try {
    const Json json = Json::parse(text);
    if (const int schema = json.at("schema"); schema != 1) {
      throw UserError(
          fmt::format("{}: unknown schema {}; this version reads schema 1", file.string(), schema));
    }
    return {.study = json.at("study"),
            .trial_id = json.at("trial_id"),
            .variant_id = json.at("variant_id"),
            .variant_label = json.at("variant_label"),
            .axes = json.at("axes"),
            .seed = json.at("seed"),
            .data_fingerprint = json.at("data_fingerprint"),
            .variant = variant_config_from_json(json.at("variant")),
            .cache = json.at("cache"),
            .splits = {.train = json.at("splits").at("train"),
                       .selection = json.at("splits").at("selection"),
                       .test = json.at("splits").at("test")}};
  } catch (const Json::exception& error) {
    throw UserError(fmt::format("{}: not a trial specification: {}", file.string(), json_problem(error)));
  }
}

}  // namespace segbench::core
