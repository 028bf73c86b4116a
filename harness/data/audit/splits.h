// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

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
/// of train before any draw). A sample's place in the draw is a random number of its own, from its id and the
/// split seed, so it depends neither on the order of files nor on the other samples; samples whose images are
/// equal (`image_sha256`, one entry a sample, "" for unknown) are drawn together, so that a draw never puts
/// one picture into two splits.
SplitDraw draw_splits(const Catalogue& catalogue, const core::DataConfig& config,
                      const std::vector<std::string>& image_sha256);

}  // namespace segbench::data
