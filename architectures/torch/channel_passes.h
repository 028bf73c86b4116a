// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

#include <vector>

// Passes over images on the CPU that a batch normalisation needs where its statistics are not those of its
// own batch alone. Each value is read once a pass; sums are float64, and do not depend on the number of
// threads.

namespace segbench::architectures {

/// Whether the passes below take such a tensor: [N, C, H, W] of float32 or float64 on a CPU.
bool has_channel_passes(const torch::Tensor& x);

/// The memory format in which x lies; contiguous where it lies in none.
torch::MemoryFormat format_of(const torch::Tensor& x);

/// Writes the sums over N, H and W of a, [C], and behind them of a * b, [C], to `sums`. Both are of one type
/// and lie in one memory format.
void channel_sums(const torch::Tensor& a, const torch::Tensor& b, double* sums);

/// For each channel, [C] each: the result is factor * y + slope * (x - mean) + offset.
struct ChannelLine {
  std::vector<double> factor, slope, mean, offset;
};

/// factor * y + slope * (x - mean) + offset; both are of one type and lie in one memory format, and so does
/// it.
torch::Tensor channel_line(const torch::Tensor& y, const torch::Tensor& x, const ChannelLine& line);

}  // namespace segbench::architectures
