// SPDX-License-Identifier: MIT
#include "harness/core/part_kind.h"

#include <fmt/format.h>

#include "harness/core/error.h"

namespace segbench::core {

std::string_view to_string(PartKind kind) {
  switch (kind) {
    case PartKind::kArchitecture:
      return "architecture";
    case PartKind::kEncoder:
      return "encoder";
    case PartKind::kLoss:
      return "loss";
    case PartKind::kOptimizer:
      return "optimizer";
    case PartKind::kSchedule:
      return "schedule";
    case PartKind::kAugmentation:
      return "augmentation";
    case PartKind::kDataSet:
      return "data set";
    case PartKind::kRefinement:
      return "refinement";
  }
  throw InternalError("an unknown kind of part");
}

std::string plural(PartKind kind) {
  return fmt::format("{}{}", to_string(kind), kind == PartKind::kLoss ? "es" : "s");
}

std::string with_article(PartKind kind) {
  const std::string_view name = to_string(kind);
  return fmt::format(
      "{} {}", std::string_view("aeio").find(name.front()) == std::string_view::npos ? "a" : "an", name);
}

}  // namespace segbench::core
