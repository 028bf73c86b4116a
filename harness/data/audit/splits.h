// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "harness/data/audit/split_units.h"
#include "harness/data/kinds/catalogue.h"

namespace segbench::data {

/// Where the three splits of a study come from.
struct SplitDraw {
  core::Splits splits;  ///< indices of samples, ascending
  std::vector<AuditFinding> findings;
};

/// Draws the splits by the rules of `config`.
///
/// A rule that names official splits takes their samples. The word "auto" takes what there is: for train the
/// official split train, else all; for selection the split selection, val, valid or validation, else the
/// fraction 0.15; for test the split test, else the fraction 0.15. Where train takes all, the official splits
/// that selection and test take are left out of it.
///
/// Fractions are drawn out of the training samples: test first, then selection, each round(fraction * samples
/// of train before any draw). What is drawn is a unit (split_units.h): samples of equal images and of one
/// group go together, so a draw never puts one picture, or one car, into two splits. With `stratify` units
/// are dealt so that classes are shown as often everywhere; where nothing is known of the classes, as
/// without.
///
/// With `folds`, the training samples are dealt to so many folds, and `fold` (0 where it follows from seeds)
/// takes the place of the test split where that is drawn, else of a selection split that is.
SplitDraw draw_splits(const Catalogue& catalogue, const core::DataConfig& config, const SplitFacts& facts);

}  // namespace segbench::data
