// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "results/conclusions/conclusions.h"

namespace segbench::conclusions {

/// IoU of one class, leader minus runner-up, seed by seed.
struct ClassDifference {
  std::string class_name;
  PairedDifference pair;         ///< with its t interval over seeds; no evidence
  std::optional<double> p_t;     ///< paired t test, two-sided
  std::optional<double> p_holm;  ///< the same, corrected for all classes
};

/// Every class that both the leader and the runner-up know, in its order; nothing where no two variants are
/// compared.
std::vector<ClassDifference> compare_classes(const Conclusions& model);

}  // namespace segbench::conclusions
