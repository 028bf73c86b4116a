// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/data/kinds/catalogue.h"

namespace segbench::data {

/// What a draw takes or leaves as a whole: samples of equal images, and of one group.
struct SplitUnit {
  std::uint64_t place = 0;            ///< random, in the order of the draw
  std::vector<std::int64_t> samples;  ///< ascending
};

/// What is known about the samples, an entry each; empty lists where it is not.
struct SplitFacts {
  std::vector<std::string> image_sha256;  ///< "" for unknown
  std::vector<std::string> groups;        ///< "" for none
  std::vector<std::vector<bool>> shows;   ///< whether the sample shows each class
};

/// The units of `pool` (ascending indices of samples), in the order of their places. A unit's place is a
/// random number of its own, from the split seed and the name of its group, or the first id where it has
/// none, so it depends neither on the order of files nor on the other units.
std::vector<SplitUnit> split_units(const std::vector<std::int64_t>& pool, const Catalogue& catalogue,
                                   const SplitFacts& facts, std::uint64_t seed);

/// The samples of units, ascending.
std::vector<std::int64_t> samples_of(const std::vector<SplitUnit>& units);

/// Moves units out of `units`, in their order, until `wanted` samples are taken; one that is too large stays,
/// but the smallest is taken where all are, and others are left.
std::vector<std::int64_t> take_units(std::vector<SplitUnit>& units, std::int64_t wanted);

/// Deals units, in their order, each to the part with the fewest samples.
std::vector<std::vector<SplitUnit>> deal_units(const std::vector<SplitUnit>& units, std::size_t parts);

/// Parts of about `wanted` samples each in which classes are shown as often, in proportion, as in all: the
/// class with the fewest units left is dealt out first, each unit to the part that lacks it most (Sechidis,
/// Tsoumakas, Vlahavas 2011, On the stratification of multi-label data), large units before small ones. No
/// part that wants samples is empty as long as there are units. `wanted` adds up to all samples.
std::vector<std::vector<SplitUnit>> stratify_units(const std::vector<SplitUnit>& in_order,
                                                   const std::vector<std::int64_t>& wanted,
                                                   const std::vector<std::vector<bool>>& shows);

}  // namespace segbench::data
