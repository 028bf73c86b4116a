// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

namespace segbench::train {

/// As many samples as there are, drawn so that their labels approach balance: with `probability`, each next
/// one is, of 16 drawn from the stream (seed, kOrder, "balanced", epoch), that with which the classes' shares
/// so far come nearest to balance by augmentations::distance_to_balance();
/// else any. Samples with rare classes come several
/// times, others not at all; every image counts alike, whatever part of it is void. `class_pixels` holds, for
/// each of `samples`, the pixels of every class and, last, void.
std::vector<std::int64_t> balanced_order(const std::vector<std::int64_t>& samples,
                                         const std::vector<std::vector<std::int64_t>>& class_pixels,
                                         double probability, std::uint64_t seed, std::int64_t epoch);

}  // namespace segbench::train
