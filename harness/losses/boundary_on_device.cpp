// SPDX-License-Identifier: MIT
#include "harness/losses/boundary_on_device.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "harness/core/counts.h"

namespace segbench::losses {
namespace {

using torch::Tensor;

constexpr double kInfinite = std::numeric_limits<double>::infinity();

/// 0, 1, …, size - 1 in the type and on the device of `options`.
Tensor places(std::int64_t size, const torch::TensorOptions& options) {
  return torch::arange(size, torch::TensorOptions(torch::kLong).device(options.device()))
      .to(options.dtype().toScalarType());
}

/// Squared distance to the nearest pixel that is set in the same column.
Tensor along_columns(const Tensor& set, const torch::TensorOptions& options) {
  const Tensor row = places(set.size(1), options).view({1, -1, 1}), rows = row.expand_as(set), none = ~set;
  const Tensor above = std::get<0>(rows.masked_fill(none, -kInfinite).cummax(1)),
               below = std::get<0>(rows.masked_fill(none, kInfinite).flip(1).cummin(1)).flip(1);
  return torch::minimum(row - above, below - row).square();
}

/// Where each class is, [N, classes, H, W] bool, of classes from `first` on.
Tensor classes_of(const Tensor& labels, std::int64_t first, std::int64_t count) {
  const Tensor numbers =
      torch::arange(first, first + count, torch::TensorOptions(torch::kLong).device(labels.device()));
  return labels.unsqueeze(1) == numbers.to(torch::kByte).view({1, -1, 1, 1});
}

/// Calls visit(set, squares, first) with [N, some, H, W] for a few classes at a time, from number `first` on.
template <typename Visit>
void for_some_classes(const Tensor& labels, std::int64_t classes, std::int64_t most, const Visit& visit) {
  const std::int64_t some = std::clamp<std::int64_t>(most / labels.numel(), 1, classes);
  for (std::int64_t first = 0; first < classes; first += some) {
    const Tensor set = classes_of(labels, first, std::min(some, classes - first));
    visit(set, squared_distances(set.flatten(0, 1), most).view_as(set), first);
  }
}

}  // namespace

Tensor squared_distances(const Tensor& set, std::int64_t most) {
  const std::int64_t height = set.size(1), width = set.size(2);
  const bool is_small = height * height + width * width < std::int64_t{1} << 24;
  const auto options = torch::TensorOptions(is_small ? torch::kFloat : torch::kDouble).device(set.device());
  const Tensor in_column = along_columns(set, options).unsqueeze(2);  // [M, H, 1, W]
  const Tensor column = places(width, options);
  const std::int64_t some = std::clamp<std::int64_t>(most / std::max<std::int64_t>(set.numel(), 1), 1, width);
  std::vector<Tensor> parts;
  for (std::int64_t first = 0; first < width; first += some) {
    const Tensor here = column.narrow(0, first, std::min(some, width - first)).unsqueeze(1);
    parts.push_back((in_column + (here - column).square()).amin(-1));
  }
  return torch::cat(parts, 2);
}

Tensor other_distances_on_device(const Tensor& labels, std::int64_t classes, std::int64_t most) {
  const torch::NoGradGuard no_grad;
  Tensor nearest;
  for_some_classes(labels, classes, most, [&](const Tensor& set, const Tensor& squares, std::int64_t) {
    const Tensor of_others = squares.masked_fill(set, kInfinite).amin(1);
    nearest = nearest.defined() ? torch::minimum(nearest, of_others) : of_others;
  });
  return nearest.to(torch::kDouble).sqrt_().masked_fill_(labels == core::kVoidLabel, kInfinite);
}

Tensor signed_distances_on_device(const Tensor& labels, std::int64_t classes, std::int64_t most) {
  const torch::NoGradGuard no_grad;
  std::vector<Tensor> sets, distances;
  Tensor nearest;  // squared, to the pixels of other classes
  for_some_classes(labels, classes, most, [&](const Tensor& set, const Tensor& squares, std::int64_t) {
    const Tensor of_others = squares.masked_fill(set, kInfinite).amin(1);
    nearest = nearest.defined() ? torch::minimum(nearest, of_others) : of_others;
    sets.push_back(set);
    distances.push_back(squares.to(torch::kDouble).sqrt_());
  });
  const Tensor set = torch::cat(sets, 1), outside = torch::cat(distances, 1);
  const Tensor inside = nearest.to(torch::kDouble).sqrt_().neg_().add_(1).unsqueeze(1);
  const Tensor is_there = set.flatten(2).any(2), others = is_there.sum(1, /*keepdim=*/true) > 1;
  const Tensor has_border = (is_there & others).view({set.size(0), classes, 1, 1});
  return torch::where(set, inside, outside)
      .masked_fill_(~has_border | (labels == core::kVoidLabel).unsqueeze(1), 0);
}

}  // namespace segbench::losses
