// SPDX-License-Identifier: MIT
#include "harness/engines/onednn/loops.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <type_traits>

#include "harness/core/error.h"

namespace segbench::engines::onednn {
namespace {

constexpr std::int64_t kWidest = 16;

template <std::int64_t size>
using Size = std::integral_constant<std::int64_t, size>;

/// Calls work with the block's size as a constant.
template <typename Work>
void with_block(std::int64_t block, const Work& work) {
  switch (block) {
    case 8:
      return work(Size<8>());
    case kWidest:
      return work(Size<kWidest>());
    default:
      throw core::InternalError("blocks of an unknown size");
  }
}

void copy(float* to, const float* from, std::int64_t values) {
  std::memcpy(to, from, static_cast<std::size_t>(values) * sizeof(float));
}

std::size_t slot_of(std::int64_t i) {
  return static_cast<std::size_t>(i);
}

}  // namespace

void place(const float* x, const Layout& from, float* y, const Layout& to, std::int64_t top,
           std::int64_t left) {
  const std::int64_t begin = std::clamp<std::int64_t>(left, 0, to.width);
  const std::int64_t end = std::clamp<std::int64_t>(left + from.width, begin, to.width);
#pragma omp parallel for
  for (std::int64_t row = 0; row < to.planes() * to.height; ++row) {
    float* target = y + row * to.width * to.block;
    const std::int64_t source = row % to.height - top;
    if (source < 0 || source >= from.height) {
      std::fill_n(target, to.width * to.block, 0.0F);
      continue;
    }
    const float* pixels =
        x + ((row / to.height * from.height + source) * from.width + begin - left) * to.block;
    std::fill_n(target, begin * to.block, 0.0F);
    copy(target + begin * to.block, pixels, (end - begin) * to.block);
    std::fill_n(target + end * to.block, (to.width - end) * to.block, 0.0F);
  }
}

void enlarge_nearest(const float* x, const Layout& from, float* y, const Layout& to) {
  const auto sources = [](std::int64_t size, std::int64_t larger) {
    const float scale = static_cast<float>(size) / static_cast<float>(larger);
    std::vector<std::int64_t> places;
    for (std::int64_t i = 0; i < larger; ++i)
      places.push_back(std::min(size - 1, static_cast<std::int64_t>(static_cast<float>(i) * scale)));
    return places;
  };
  const std::vector<std::int64_t> rows = sources(from.height, to.height),
                                  columns = sources(from.width, to.width);
  with_block(to.block, [&]<std::int64_t block>(Size<block>) {
#pragma omp parallel for
    for (std::int64_t row = 0; row < to.planes() * to.height; ++row) {
      const float* source =
          x + (row / to.height * from.height + rows[slot_of(row % to.height)]) * from.width * block;
      float* target = y + row * to.width * block;
      for (std::int64_t column = 0; column < to.width; ++column)
        std::copy_n(source + columns[slot_of(column)] * block, block, target + column * block);
    }
  });
}

void unpool(const float* x, const Layout& from, const float* pooled, float* y, const Layout& to, int kernel) {
  with_block(to.block, [&]<std::int64_t block>(Size<block>) {
#pragma omp parallel for
    for (std::int64_t plane = 0; plane < to.planes(); ++plane) {
      const float* values = x + plane * from.pixels() * block;
      const float* map = pooled + plane * to.pixels() * block;
      float* target = y + plane * to.pixels() * block;
      std::fill_n(target, to.pixels() * block, 0.0F);
      for (std::int64_t window = 0; window < from.pixels(); ++window) {
        const std::int64_t corner = (window / from.width * to.width + window % from.width) * kernel * block;
        for (std::int64_t lane = 0; lane < block; ++lane) {
          std::int64_t best = corner + lane;
          for (int i = 1; i < kernel * kernel; ++i) {
            const std::int64_t other = corner + (i / kernel * to.width + i % kernel) * block + lane;
            if (map[other] > map[best]) best = other;
          }
          target[best] = values[window * block + lane];
        }
      }
    }
  });
}

void adaptive_means(const float* x, const Layout& from, float* y, const Layout& to) {
  const auto begin = [](std::int64_t bin, std::int64_t size, std::int64_t bins) { return bin * size / bins; };
  const auto end = [](std::int64_t bin, std::int64_t size, std::int64_t bins) {
    return ((bin + 1) * size + bins - 1) / bins;
  };
  with_block(to.block, [&]<std::int64_t block>(Size<block>) {
#pragma omp parallel for
    for (std::int64_t plane = 0; plane < to.planes(); ++plane) {
      for (std::int64_t bin = 0; bin < to.pixels(); ++bin) {
        const std::int64_t row = bin / to.width, column = bin % to.width;
        const std::int64_t top = begin(row, from.height, to.height),
                           bottom = end(row, from.height, to.height);
        const std::int64_t left = begin(column, from.width, to.width),
                           right = end(column, from.width, to.width);
        double sums[block] = {};
        for (std::int64_t i = top; i < bottom; ++i) {
          const float* pixels = x + ((plane * from.height + i) * from.width + left) * block;
          for (std::int64_t j = 0; j < right - left; ++j) {
            for (std::int64_t lane = 0; lane < block; ++lane) sums[lane] += pixels[j * block + lane];
          }
        }
        const double area = static_cast<double>((bottom - top) * (right - left));
        for (std::int64_t lane = 0; lane < block; ++lane)
          y[(plane * to.pixels() + bin) * block + lane] = static_cast<float>(sums[lane] / area);
      }
    }
  });
}

void scale_and_shift(const float* x, float* y, const Layout& layout, const float* scale, const float* shift) {
  with_block(layout.block, [&]<std::int64_t block>(Size<block>) {
#pragma omp parallel for
    for (std::int64_t plane = 0; plane < layout.planes(); ++plane) {
      const std::int64_t first = plane * block;
      float a[block], b[block];
      std::copy_n(scale + first, block, a);
      std::copy_n(shift + first, block, b);
      for (std::int64_t pixel = plane * layout.pixels(); pixel < (plane + 1) * layout.pixels(); ++pixel) {
        for (std::int64_t lane = 0; lane < block; ++lane)
          y[pixel * block + lane] = x[pixel * block + lane] * a[lane] + b[lane];
      }
    }
  });
}

void multiply_by_channel(const float* x, const float* weights, float* y, const Layout& layout) {
  const std::vector<float> none(slot_of(layout.planes() * layout.block), 0.0F);
  scale_and_shift(x, y, layout, weights, none.data());
}

void multiply_by_pixel(const float* x, const float* weights, float* y, const Layout& layout) {
  with_block(layout.block, [&]<std::int64_t block>(Size<block>) {
#pragma omp parallel for
    for (std::int64_t plane = 0; plane < layout.planes(); ++plane) {
      const float* factors = weights + plane / layout.blocks * layout.pixels();
      const std::int64_t first = plane * layout.pixels() * block;
      for (std::int64_t pixel = 0; pixel < layout.pixels(); ++pixel) {
        for (std::int64_t lane = 0; lane < block; ++lane)
          y[first + pixel * block + lane] = x[first + pixel * block + lane] * factors[pixel];
      }
    }
  });
}

void multiply(const float* x, const float* weights, float* y, std::int64_t values) {
#pragma omp parallel for simd
  for (std::int64_t i = 0; i < values; ++i) y[i] = x[i] * weights[i];
}

void normalise_pixels(const float* x, float* y, const Layout& layout, std::int64_t channels,
                      const std::vector<float>& weight, const std::vector<float>& bias, double epsilon) {
  with_block(layout.block, [&]<std::int64_t block>(Size<block>) {
#pragma omp parallel for
    for (std::int64_t pixel = 0; pixel < layout.count * layout.pixels(); ++pixel) {
      const std::int64_t first =
          pixel / layout.pixels() * layout.blocks * layout.pixels() + pixel % layout.pixels();
      const auto at = [&](std::int64_t b) { return (first + b * layout.pixels()) * block; };
      float sums[block] = {};
      for (std::int64_t b = 0; b < layout.blocks; ++b) {
        for (std::int64_t lane = 0; lane < block; ++lane) sums[lane] += x[at(b) + lane];
      }
      float mean = 0;
      for (const float sum : sums) mean += sum;
      mean /= static_cast<float>(channels);
      float squares = 0;
      for (std::int64_t b = 0; b < layout.blocks; ++b) {
        const std::int64_t lanes = std::min<std::int64_t>(block, channels - b * block);
        for (std::int64_t lane = 0; lane < lanes; ++lane) {
          const float distance = x[at(b) + lane] - mean;
          squares += distance * distance;
        }
      }
      const float scale = 1 / std::sqrt(squares / static_cast<float>(channels) + static_cast<float>(epsilon));
      for (std::int64_t b = 0; b < layout.blocks; ++b) {
        const float* w = weight.data() + b * block;
        const float* shift = bias.data() + b * block;
        for (std::int64_t lane = 0; lane < block; ++lane)
          y[at(b) + lane] = (x[at(b) + lane] - mean) * scale * w[lane] + shift[lane];
      }
    }
  });
}

void normalise_groups(const float* x, float* y, const Layout& layout, std::int64_t channels,
                      std::int64_t groups, const std::vector<float>& weight, const std::vector<float>& bias,
                      double epsilon) {
  const std::int64_t stored = layout.blocks * layout.block, of_group = channels / groups;
  const double values = static_cast<double>(of_group * layout.pixels());
  // For each channel of each image the sum of term(value, channel's group).
  const auto sums_of = [&](const auto& term) {
    std::vector<double> sums(slot_of(layout.count * groups), 0.0), parts(slot_of(layout.count * stored), 0.0);
    with_block(layout.block, [&]<std::int64_t block>(Size<block>) {
#pragma omp parallel for
      for (std::int64_t plane = 0; plane < layout.planes(); ++plane) {
        for (std::int64_t lane = 0; lane < block; ++lane) {
          const std::int64_t channel = plane % layout.blocks * block + lane;
          if (channel >= channels) continue;
          const std::int64_t group = plane / layout.blocks * groups + channel / of_group;
          const float* pixels = x + plane * layout.pixels() * block + lane;
          double sum = 0;
          for (std::int64_t pixel = 0; pixel < layout.pixels(); ++pixel)
            sum += term(static_cast<double>(pixels[pixel * block]), slot_of(group));
          parts[slot_of(plane * block + lane)] = sum;
        }
      }
    });
    for (std::int64_t i = 0; i < layout.count * stored; ++i) {
      if (i % stored < channels)
        sums[slot_of(i / stored * groups + i % stored / of_group)] += parts[slot_of(i)];
    }
    return sums;
  };
  const std::vector<double> sums = sums_of([](double value, std::size_t) { return value; });
  const std::vector<double> squares = sums_of([&](double value, std::size_t group) {
    const double distance = value - sums[group] / values;
    return distance * distance;
  });
  std::vector<float> scale(slot_of(layout.count * stored), 0.0F), shift = scale;
  for (std::int64_t i = 0; i < layout.count * stored; ++i) {
    if (i % stored >= channels) continue;
    const std::size_t group = slot_of(i / stored * groups + i % stored / of_group),
                      channel = slot_of(i % stored);
    const double factor = weight[channel] / std::sqrt(squares[group] / values + epsilon);
    scale[slot_of(i)] = static_cast<float>(factor);
    shift[slot_of(i)] = static_cast<float>(bias[channel] - sums[group] / values * factor);
  }
  scale_and_shift(x, y, layout, scale.data(), shift.data());
}

void spread_blocks(const float* x, const Layout& from, float* y, const Layout& to, int factor) {
  with_block(to.block, [&]<std::int64_t block>(Size<block>) {
#pragma omp parallel for
    for (std::int64_t row = 0; row < to.planes() * to.height; ++row) {
      const std::int64_t plane = row / to.height, image = plane / to.blocks, place = row % to.height % factor;
      for (int side = 0; side < factor; ++side) {
        const std::int64_t group =
            image * from.blocks + (place * factor + side) * to.blocks + plane % to.blocks;
        const float* source = x + (group * from.height + row % to.height / factor) * from.width * block;
        float* target = y + (row * to.width + side) * block;
        for (std::int64_t pixel = 0; pixel < from.width; ++pixel)
          std::copy_n(source + pixel * block, block, target + pixel * factor * block);
      }
    }
  });
}

}  // namespace segbench::engines::onednn
