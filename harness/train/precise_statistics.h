// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "architectures/torch/network.h"
#include "harness/train/batch_source.h"

namespace segbench::train {

/// Training images from which precise statistics are computed: more do not change them noticeably (Wu and
/// Johnson 2021, section 3.2).
inline constexpr std::int64_t kPreciseImages = 10'000;

/// Overwrites the moving means and variances of a network's batch normalisations by those of training images,
/// as they are without augmentation, all of the same weights: "PreciseBN" of Wu and Johnson, "Rethinking
/// 'Batch' in BatchNorm", arXiv:2105.07576. Each layer normalises with the statistics of its batch, as in
/// training; dropout is off. With n values of a channel in a batch, of mean m and variance v (divided by n),
///
///     mean = sum(n m) / N,  variance = (sum(n (v + m^2)) / N - mean^2) N / (N - 1),  N = sum(n)
///
/// Draws nothing from any stream of training, leaves the network in its mode, and changes nothing when
/// `before_batch` throws to stop. Layers that are frozen, or of which no batch has two values, keep what they
/// have. Throws core::UserError for a network that is read from a file.
void compute_precise_statistics(
    architectures::Network& network, BatchSource& loader, const std::vector<std::int64_t>& samples,
    std::int64_t batch_size,
    const std::function<void(std::int64_t batch, std::int64_t batches)>& before_batch);

}  // namespace segbench::train
