// SPDX-License-Identifier: MIT
#include "harness/trial/verification.h"

#include <fmt/format.h>

#include "harness/core/determinism.h"
#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/json_problem.h"

namespace segbench::trial {

std::optional<VerificationRecord> read_verification(const std::filesystem::path& trial_folder,
                                                    Warnings& warnings) {
  const std::filesystem::path file = trial_folder / core::kDeterminismFile;
  if (!std::filesystem::exists(file)) return std::nullopt;
  try {
    const core::Json json = core::Json::parse(core::read_file(file));
    VerificationRecord read{.grade = json.at("grade"),
                            .largest_iou_difference = std::nullopt,
                            .first_difference = json.at("first_difference"),
                            .time = json.at("time"),
                            .host = json.at("host"),
                            .device = json.at("device"),
                            .threads = json.at("threads")};
    if (const core::Json& difference = json.at("largest_iou_difference"); !difference.is_null()) {
      read.largest_iou_difference = difference.get<double>();
    }
    if (read.grade == "bitwise" || read.grade == "tolerance" || read.grade == "seeded") return read;
    warnings.add(file, 0,
                 fmt::format("grade must be bitwise, tolerance or seeded, but is \"{}\"", read.grade));
  } catch (const core::Json::exception& error) {
    warnings.add(file, 0, fmt::format("left out: {}", core::json_problem(error)));
  } catch (const core::UserError& error) {
    warnings.add(file, 0, error.what());
  }
  return std::nullopt;
}

}  // namespace segbench::trial
