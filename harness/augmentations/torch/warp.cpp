// SPDX-License-Identifier: MIT
#include "harness/augmentations/torch/warp.h"

#include <array>
#include <map>

#include "harness/augmentations/torch/hash.h"
#include "harness/core/counts.h"

namespace segbench::augmentations {
namespace {

using torch::Tensor;

constexpr std::int64_t kHalf = FixedAffine::kOne / 2;

constexpr std::array kMapNumbers = {&FixedAffine::x, &FixedAffine::x_by_column, &FixedAffine::x_by_row,
                                    &FixedAffine::y, &FixedAffine::y_by_column, &FixedAffine::y_by_row};

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

/// displacement_at() of every pixel, [N, height, width] int64, of the nodes [N, rows, columns].
Tensor displacements(const Tensor& nodes, std::int64_t step, const Extent& extent) {
  const std::int64_t whole_weight = step * step * step;
  const auto options = torch::TensorOptions(torch::kLong).device(nodes.device());
  const auto along = [&](const Tensor& values, std::int64_t dimension, std::int64_t size) {
    const Tensor place = torch::arange(size, options), first = place.div(step, "trunc"),
                 offset = place - first * step;
    Tensor weight = offset * offset * (offset * -2 + 3 * step);
    if (dimension == 1) weight = weight.unsqueeze(1);
    return (values.index_select(dimension, first) * (weight.neg() + whole_weight) +
            values.index_select(dimension, first + 1) * weight)
        .div(whole_weight, "trunc");
  };
  return along(along(nodes, 2, extent.width), 1, extent.height) * (std::int64_t{1} << 16);
}

}  // namespace

BatchWarp::BatchWarp(const std::vector<Drawn>& drawn, const Extent& extent, NumberTable& table)
    : extent_(extent) {
  for (const Drawn& sample : drawn) moves_.push_back(sample.moves());
  if (!any_in(moves_, 0, table.samples())) return;
  maps_ = table.add_rows(kMapNumbers.size(), 0);
  for (std::size_t n = 0; n < drawn.size(); ++n) {
    const auto sample = static_cast<std::int64_t>(n);
    const FixedAffine map = in_fixed_point(drawn[n].geometry, extent);
    for (std::size_t k = 0; k < kMapNumbers.size(); ++k)
      table.set(maps_ + static_cast<std::int64_t>(k), sample, static_cast<double>(map.*kMapNumbers[k]));
    std::map<std::int64_t, std::int64_t> seen;
    for (const Elastic& elastic : drawn[n].elastic) {
      Slot& slot = slot_of(elastic.spacing, seen[elastic.spacing]++, table);
      slot.marks[n] = true;
      table.set(slot.row, sample, static_cast<double>(fixed_amplitude(elastic)));
      table.set(slot.row + 1, sample, static_cast<double>(elastic.key & 0xFFFFFFFF));
      table.set(slot.row + 2, sample, static_cast<double>(elastic.key >> 32));
    }
  }
}

BatchWarp::Slot& BatchWarp::slot_of(std::int64_t spacing, std::int64_t occurrence, NumberTable& table) {
  for (Slot& slot : slots_) {
    if (slot.spacing == spacing && slot.occurrence == occurrence) return slot;
  }
  slots_.push_back({.spacing = spacing,
                    .occurrence = occurrence,
                    .row = table.add_rows(3, 0),
                    .marks = std::vector<bool>(moves_.size())});
  return slots_.back();
}

/// Adds what an elastic effect moves, its nodes as elastic_grid() has them.
void BatchWarp::displace(const Slot& slot, const Numbers& numbers, Tensor& x, Tensor& y) const {
  const ElasticGrid grid = elastic_grid({.amplitude = 0, .spacing = slot.spacing, .key = 0}, extent_);
  const Tensor amplitude = numbers.whole(slot.row), low = numbers.whole(slot.row + 1),
               high = numbers.whole(slot.row + 2);
  const Tensor number = torch::arange(grid.rows * grid.columns, amplitude.options()) * 2;
  for (Tensor* coordinate : {&x, &y}) {
    const Tensor counter = coordinate == &x ? number : number + 1;
    const Tensor bits = mixed(mixed(counter).bitwise_xor(low)).bitwise_xor(high);
    const Tensor nodes =
        ((mixed(bits).bitwise_and(0xFFFF) * 2 - 0xFFFF) * amplitude).div(std::int64_t{0xFFFF}, "trunc");
    coordinate->add_(displacements(nodes.view({-1, grid.rows, grid.columns}), slot.spacing, extent_));
  }
}

void BatchWarp::apply(const Numbers& numbers, std::int64_t first_sample, Tensor& images,
                      Tensor& labels) const {
  const std::int64_t count = images.size(0), channels = images.size(3);
  const auto& [height, width] = extent_;
  if (!any_in(moves_, first_sample, count)) return;
  const auto of_maps = [&](std::int64_t k) { return numbers.whole(maps_ + k).view({-1, 1, 1}); };
  const auto whole = torch::TensorOptions(torch::kLong).device(images.device());
  const Tensor column = torch::arange(width, whole).view({1, 1, width}),
               row = torch::arange(height, whole).view({1, height, 1}),
               sample = torch::arange(count, whole).view({count, 1, 1}) * (height * width);
  Tensor x = of_maps(0) + column * of_maps(1) + row * of_maps(2),
         y = of_maps(3) + column * of_maps(4) + row * of_maps(5);
  for (const Slot& slot : slots_) {
    if (any_in(slot.marks, first_sample, count)) displace(slot, numbers, x, y);
  }

  const Tensor nearest_x = x.add(kHalf).bitwise_right_shift(32),
               nearest_y = y.add(kHalf).bitwise_right_shift(32);
  const Tensor outside = nearest_x.lt(0) | nearest_x.ge(width) | nearest_y.lt(0) | nearest_y.ge(height);
  const Tensor nearest = sample + nearest_y.clamp(0, height - 1) * width + nearest_x.clamp(0, width - 1);
  labels = labels.reshape(-1).index_select(0, nearest.reshape(-1)).view({count, height, width});
  labels.masked_fill_(outside, static_cast<int>(core::kVoidLabel));

  // In integers, as on bytes: 16 bits of a sample and twice 16 bits of weights.
  const Tensor flat = images.reshape({-1, channels}).to(torch::kLong);
  const Neighbours across = neighbours_of(x, width), down = neighbours_of(y, height);
  const auto read = [&](const Tensor& line, const Tensor& place) {
    return flat.index_select(0, (sample + line * width + place).reshape(-1))
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
