// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "harness/augmentations/effects/effect.h"

// How near the labels of samples are to balance, every class having as many pixels.

namespace segbench::augmentations {

/// The parts of a label distribution [classes], given its pixels [classes, void]: they add up to 1, or are
/// all 0 where all is void.
std::vector<double> class_shares(std::span<const std::int64_t> pixels);

/// Earth mover's distance between a distribution of labels, which need not add up to 1, and equal shares of
/// all classes that occur in `training`, every class being as far from every other: half of the sum of
/// absolute differences, 0 for balance, less than 1. 0 where nothing is given.
double distance_to_balance(std::span<const double> shares, std::span<const double> training);

/// Where `drawn` leaves open where to look, takes that of its views whose labels, together with the
/// distribution `training` of the training split, come nearest to balance by distance_to_balance(), the first
/// of several: what the training split lacks is shown more. Labels [height, width] as they are before
/// anything moves; they are read at up to 32 x 32 places, without elastic displacements.
void choose_view(Drawn& drawn, const Extent& extent, std::span<const std::uint8_t> labels,
                 std::span<const double> training);

}  // namespace segbench::augmentations
