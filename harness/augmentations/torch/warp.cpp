// SPDX-License-Identifier: MIT
#include "harness/augmentations/torch/batch.h"
#include "harness/core/counts.h"

namespace segbench::augmentations {
namespace {

using torch::Tensor;

constexpr std::int64_t kHalf = FixedAffine::kOne / 2;

/// One number of every sample's map, as [N, 1, 1] int64.
Tensor numbers_of(const std::vector<FixedAffine>& maps, std::int64_t FixedAffine::*number,
                  torch::Device device) {
  std::vector<std::int64_t> numbers;
  for (const FixedAffine& map : maps) numbers.push_back(map.*number);
  return torch::tensor(numbers, torch::kLong).to(device).view({-1, 1, 1});
}

/// The neighbours [N, H, W] of the places to read, and the weight of the second in 2^-16.
struct Neighbours {
  Tensor first, second, weight;
};

Neighbours neighbours_of(const Tensor& places, std::int64_t size) {
  const Tensor inside = places.clamp(0, (size - 1) * FixedAffine::kOne);
  const Tensor first = inside.bitwise_right_shift(32);
  return {first, first.add(1).clamp_max_(size - 1),
          inside.bitwise_and(FixedAffine::kOne - 1).bitwise_right_shift(16)};
}

Tensor between(const Tensor& a, const Tensor& b, const Tensor& weight) {
  return a.mul(weight.neg().add_(1 << 16)).add_(b.mul(weight));
}

/// displacement_at() of every pixel, [H, W] int64.
Tensor displacements(const ElasticGrid& grid, const std::vector<std::int64_t>& nodes, std::int64_t height,
                     std::int64_t width, torch::Device device) {
  const std::int64_t step = grid.spacing, whole_weight = step * step * step;
  const auto options = torch::TensorOptions(torch::kLong).device(device);
  const Tensor on_grid = torch::tensor(nodes, torch::kLong).to(device).view({grid.rows, grid.columns});
  const auto along = [&](const Tensor& values, std::int64_t dimension, std::int64_t size) {
    const Tensor place = torch::arange(size, options), first = place.div(step, "trunc"),
                 offset = place - first * step;
    Tensor weight = offset * offset * (offset * -2 + 3 * step);
    if (dimension == 0) weight = weight.unsqueeze(1);
    return (values.index_select(dimension, first) * (weight.neg() + whole_weight) +
            values.index_select(dimension, first + 1) * weight)
        .div(whole_weight, "trunc");
  };
  return along(along(on_grid, 1, width), 0, height) * (std::int64_t{1} << 16);
}

/// Adds what elastic effects move.
void displace(const std::vector<Drawn>& drawn, Tensor& x, Tensor& y) {
  const std::int64_t height = x.size(1), width = x.size(2);
  for (std::size_t n = 0; n < drawn.size(); ++n) {
    for (const Elastic& elastic : drawn[n].elastic) {
      const ElasticGrid grid = elastic_grid(elastic, {height, width});
      const auto index = static_cast<std::int64_t>(n);
      x[index].add_(displacements(grid, grid.x, height, width, x.device()));
      y[index].add_(displacements(grid, grid.y, height, width, y.device()));
    }
  }
}

}  // namespace

void warp(const std::vector<Drawn>& drawn, Tensor& images, Tensor& labels) {
  const std::int64_t count = images.size(0), height = images.size(1), width = images.size(2),
                     channels = images.size(3);
  const torch::Device device = images.device();
  std::vector<FixedAffine> maps;
  for (const Drawn& sample : drawn) maps.push_back(in_fixed_point(sample.geometry, {height, width}));
  const auto of_maps = [&](std::int64_t FixedAffine::*number) { return numbers_of(maps, number, device); };
  const auto whole = torch::TensorOptions(torch::kLong).device(device);
  const Tensor column = torch::arange(width, whole).view({1, 1, width}),
               row = torch::arange(height, whole).view({1, height, 1}),
               sample = torch::arange(count, whole).view({count, 1, 1}) * (height * width);
  Tensor x = of_maps(&FixedAffine::x) + column * of_maps(&FixedAffine::x_by_column) +
             row * of_maps(&FixedAffine::x_by_row),
         y = of_maps(&FixedAffine::y) + column * of_maps(&FixedAffine::y_by_column) +
             row * of_maps(&FixedAffine::y_by_row);
  displace(drawn, x, y);

  const Tensor nearest_x = x.add(kHalf).bitwise_right_shift(32),
               nearest_y = y.add(kHalf).bitwise_right_shift(32);
  const Tensor outside = nearest_x.lt(0) | nearest_x.ge(width) | nearest_y.lt(0) | nearest_y.ge(height);
  const Tensor nearest = sample + nearest_y.clamp(0, height - 1) * width + nearest_x.clamp(0, width - 1);
  labels = labels.reshape(-1).index_select(0, nearest.view(-1)).view({count, height, width});
  labels.masked_fill_(outside, static_cast<int>(core::kVoidLabel));

  // In integers, as on bytes: 16 bits of a sample and twice 16 bits of weights.
  const Tensor flat = images.reshape({-1, channels}).to(torch::kLong);
  const Neighbours across = neighbours_of(x, width), down = neighbours_of(y, height);
  const auto read = [&](const Tensor& line, const Tensor& place) {
    return flat.index_select(0, (sample + line * width + place).view(-1))
        .view({count, height, width, channels});
  };
  const Tensor weight = across.weight.unsqueeze(3);
  const Tensor above = between(read(down.first, across.first), read(down.first, across.second), weight),
               below = between(read(down.second, across.first), read(down.second, across.second), weight);
  images = between(above, below, down.weight.unsqueeze(3))
               .add_(kHalf)
               .bitwise_right_shift(32)
               .masked_fill_(outside.unsqueeze(3), 0)
               .to(torch::kFloat);
}

}  // namespace segbench::augmentations
