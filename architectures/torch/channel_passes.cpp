// SPDX-License-Identifier: MIT
#include "architectures/torch/channel_passes.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace segbench::architectures {
namespace {

using torch::Tensor;

/// Values that are worth a thread.
constexpr std::int64_t kPassGrain = 1 << 14;
/// Into which the rows of channels-last images are divided, whatever the number of threads.
constexpr std::int64_t kRowBlocks = 32;
/// Sums that are kept side by side, so that additions need not wait for each other.
constexpr std::int64_t kLanes = 8;

struct Extent {
  std::int64_t images, channels, pixels;
};

Extent extent_of(const Tensor& x) {
  return {x.size(0), x.size(1), x.size(2) * x.size(3)};
}

/// Of pieces that hold so many values each.
std::int64_t grain_of(std::int64_t values) {
  return std::max<std::int64_t>(1, kPassGrain / std::max<std::int64_t>(1, values));
}

template <typename Scalar>
void add_run(const Scalar* a, const Scalar* b, std::int64_t count, double& of_a, double& of_products) {
  std::array<double, kLanes> sums{}, products{};
  std::int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    for (std::int64_t lane = 0; lane < kLanes; ++lane) {
      const auto at = static_cast<std::size_t>(lane);
      const auto value = static_cast<double>(a[i + lane]);
      sums[at] += value;
      products[at] += value * static_cast<double>(b[i + lane]);
    }
  }
  for (; i < count; ++i) {
    sums[0] += static_cast<double>(a[i]);
    products[0] += static_cast<double>(a[i]) * static_cast<double>(b[i]);
  }
  for (std::size_t lane = 0; lane < kLanes; ++lane) of_a += sums[lane], of_products += products[lane];
}

/// Channels-first: each channel of an image is a run.
template <typename Scalar>
void sum_planes(const Scalar* a, const Scalar* b, const Extent& extent, double* sums) {
  const auto [images, channels, pixels] = extent;
  at::parallel_for(0, channels, grain_of(images * pixels), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t c = begin; c < end; ++c) {
      double of_a = 0, of_products = 0;
      for (std::int64_t n = 0; n < images; ++n) {
        const std::int64_t at = (n * channels + c) * pixels;
        add_run(a + at, b + at, pixels, of_a, of_products);
      }
      sums[c] = of_a;
      sums[channels + c] = of_products;
    }
  });
}

/// Channels-last: a row of all channels for each pixel.
template <typename Scalar>
void sum_rows(const Scalar* a, const Scalar* b, const Extent& extent, double* sums) {
  const std::int64_t channels = extent.channels, rows = extent.images * extent.pixels;
  std::vector<double> parts(static_cast<std::size_t>(kRowBlocks * 2 * channels), 0.0);
  at::parallel_for(0, kRowBlocks, grain_of(rows / kRowBlocks * channels),
                   [&](std::int64_t begin, std::int64_t end) {
                     for (std::int64_t row = rows * begin / kRowBlocks, block = begin; block < end; ++block) {
                       double* __restrict of_a = parts.data() + block * 2 * channels;
                       double* __restrict of_products = of_a + channels;
                       for (; row < rows * (block + 1) / kRowBlocks; ++row) {
                         const Scalar *x = a + row * channels, *y = b + row * channels;
                         for (std::int64_t c = 0; c < channels; ++c) {
                           const auto value = static_cast<double>(x[c]);
                           of_a[c] += value;
                           of_products[c] += value * static_cast<double>(y[c]);
                         }
                       }
                     }
                   });
  std::copy_n(parts.data(), 2 * channels, sums);
  for (std::int64_t block = 1; block < kRowBlocks; ++block) {
    for (std::int64_t i = 0; i < 2 * channels; ++i)
      sums[i] += parts[static_cast<std::size_t>(block * 2 * channels + i)];
  }
}

template <typename Scalar>
void line_of_planes(const Scalar* y, const Scalar* x, const Extent& extent, const ChannelLine& line,
                    Scalar* out) {
  const auto [images, channels, pixels] = extent;
  at::parallel_for(0, images * channels, grain_of(pixels), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t plane = begin; plane < end; ++plane) {
      const auto c = static_cast<std::size_t>(plane % channels);
      const auto factor = static_cast<Scalar>(line.factor[c]), slope = static_cast<Scalar>(line.slope[c]),
                 mean = static_cast<Scalar>(line.mean[c]), offset = static_cast<Scalar>(line.offset[c]);
      const Scalar *from_y = y + plane * pixels, *from_x = x + plane * pixels;
      Scalar* __restrict to = out + plane * pixels;
      for (std::int64_t i = 0; i < pixels; ++i)
        to[i] = factor * from_y[i] + (slope * (from_x[i] - mean) + offset);
    }
  });
}

template <typename Scalar>
void line_of_rows(const Scalar* y, const Scalar* x, const Extent& extent, const ChannelLine& line,
                  Scalar* out) {
  const std::int64_t channels = extent.channels;
  const std::vector<Scalar> factor(line.factor.begin(), line.factor.end()),
      slope(line.slope.begin(), line.slope.end()), mean(line.mean.begin(), line.mean.end()),
      offset(line.offset.begin(), line.offset.end());
  const Scalar *by = factor.data(), *along = slope.data(), *from = mean.data(), *plus = offset.data();
  at::parallel_for(0, extent.images * extent.pixels, grain_of(channels),
                   [&](std::int64_t begin, std::int64_t end) {
                     for (std::int64_t row = begin; row < end; ++row) {
                       const Scalar *from_y = y + row * channels, *from_x = x + row * channels;
                       Scalar* __restrict to = out + row * channels;
                       for (std::int64_t c = 0; c < channels; ++c)
                         to[c] = by[c] * from_y[c] + (along[c] * (from_x[c] - from[c]) + plus[c]);
                     }
                   });
}

}  // namespace

bool has_channel_passes(const Tensor& x) {
  return x.device().is_cpu() && x.dim() == 4 &&
         (x.scalar_type() == torch::kFloat || x.scalar_type() == torch::kDouble);
}

torch::MemoryFormat format_of(const Tensor& x) {
  const bool is_last = !x.is_contiguous() && x.is_contiguous(torch::MemoryFormat::ChannelsLast);
  return is_last ? torch::MemoryFormat::ChannelsLast : torch::MemoryFormat::Contiguous;
}

void channel_sums(const Tensor& a, const Tensor& b, double* sums) {
  const bool by_rows = format_of(a) == torch::MemoryFormat::ChannelsLast;
  AT_DISPATCH_FLOATING_TYPES(a.scalar_type(), "channel_sums", [&] {
    const auto *from = a.data_ptr<scalar_t>(), *with = b.data_ptr<scalar_t>();
    by_rows ? sum_rows(from, with, extent_of(a), sums) : sum_planes(from, with, extent_of(a), sums);
  });
}

Tensor channel_line(const Tensor& y, const Tensor& x, const ChannelLine& line) {
  const Tensor out = at::empty_like(x);
  const bool by_rows = format_of(x) == torch::MemoryFormat::ChannelsLast;
  AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "channel_line", [&] {
    const auto *of_y = y.data_ptr<scalar_t>(), *of_x = x.data_ptr<scalar_t>();
    auto* to = out.data_ptr<scalar_t>();
    by_rows ? line_of_rows(of_y, of_x, extent_of(x), line, to)
            : line_of_planes(of_y, of_x, extent_of(x), line, to);
  });
  return out;
}

}  // namespace segbench::architectures
