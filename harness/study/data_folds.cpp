// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "harness/study/data_section.h"

namespace segbench::study {
namespace {

constexpr const char* kFoldAxis = "data.fold";

/// The number of folds, where every variant has the same and none is left out throughout; else 0.
std::int64_t folds_of_all(const Node& root) {
  const Node* data = root.find("data");
  const Node* folds = data == nullptr ? nullptr : data->find("folds");
  const bool fixed = data != nullptr && data->find("fold") != nullptr;
  if (fixed || folds == nullptr || folds->type != NodeType::kInteger) return 0;
  return folds->scalar.get<std::int64_t>();
}

bool lists_folds(const Node& axis, std::int64_t folds) {
  return axis.is_array() && !axis.children.empty() &&
         std::all_of(axis.children.begin(), axis.children.end(), [&](const Node& fold) {
           return fold.type == NodeType::kInteger && fold.scalar >= 0 && fold.scalar < folds;
         });
}

}  // namespace

std::vector<std::uint64_t> spread_over_folds(Node& root, std::vector<std::uint64_t> seeds,
                                             ProblemList& problems) {
  Node* matrix = root.find("matrix");
  const Node* axis = matrix == nullptr ? nullptr : matrix->find(kFoldAxis);
  const std::int64_t folds = folds_of_all(root);
  if (axis == nullptr || folds < 2 || matrix->find("exclude") != nullptr || !lists_folds(*axis, folds))
    return seeds;
  std::vector<std::uint64_t> spread;
  for (const std::uint64_t seed : seeds) {
    for (const Node& fold : axis->children) {
      const auto number = fold.scalar.get<std::uint64_t>(), count = static_cast<std::uint64_t>(folds);
      if (seed > (std::numeric_limits<std::int64_t>::max() - number) / count) {
        problems.add(axis->place,
                     fmt::format("{}: the seed {} is too large for {} folds", kFoldAxis, seed, folds));
        return seeds;
      }
      const std::uint64_t both = seed * count + number;
      if (std::find(spread.begin(), spread.end(), both) != spread.end())
        return seeds;  // the axis is reported
      spread.push_back(both);
    }
  }
  matrix->erase(kFoldAxis);
  if (matrix->children.empty()) root.erase("matrix");
  return spread;
}

}  // namespace segbench::study
