// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace segbench::core {

/// What a study can choose by name. Every part of Segbench is described by a PartSpec that links no heavy
/// library, so that the command line can validate, list and document it; its implementation stands in the
/// file beside it.
enum class PartKind {
  kArchitecture,
  kEncoder,
  kLoss,
  kOptimizer,
  kSchedule,
  kAugmentation,
  kDataSet,
  kRefinement
};

/// All of them, in the order in which they are listed.
inline constexpr std::array kPartKinds = {
    PartKind::kDataSet,   PartKind::kArchitecture, PartKind::kEncoder,      PartKind::kLoss,
    PartKind::kOptimizer, PartKind::kSchedule,     PartKind::kAugmentation, PartKind::kRefinement};

/// "architecture", "encoder", "loss", "optimizer", "schedule", "augmentation", "data set", "refinement".
std::string_view to_string(PartKind kind);
/// "architectures", "losses", …
std::string plural(PartKind kind);
/// "a loss", "an encoder", …
std::string with_article(PartKind kind);

}  // namespace segbench::core
