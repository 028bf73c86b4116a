// SPDX-License-Identifier: MIT
#include "harness/augmentations/torch/number_table.h"

#include <algorithm>

namespace segbench::augmentations {

std::int64_t NumberTable::add_rows(std::int64_t count, double number) {
  const std::size_t before = numbers_.size();
  numbers_.resize(before + static_cast<std::size_t>(count * samples_), number);
  return samples_ == 0 ? 0 : static_cast<std::int64_t>(before) / samples_;
}

torch::Tensor NumberTable::tensor() const {
  const std::int64_t rows = samples_ == 0 ? 0 : static_cast<std::int64_t>(numbers_.size()) / samples_;
  torch::Tensor table = torch::empty({rows, samples_}, torch::kDouble);
  std::copy(numbers_.begin(), numbers_.end(), table.data_ptr<double>());
  return table;
}

Numbers Numbers::columns(std::int64_t first, std::int64_t count) const {
  Numbers some;
  some.table_ = table_.narrow(1, first, count);
  some.whole_ = whole_.narrow(1, first, count);
  some.real_ = real_.narrow(1, first, count);
  return some;
}

torch::Tensor inside(const torch::Tensor& edges, std::int64_t height, std::int64_t width) {
  const auto options = torch::TensorOptions(torch::kLong).device(edges.device());
  const torch::Tensor row = torch::arange(height, options).view({1, height, 1}),
                      column = torch::arange(width, options).view({1, 1, width});
  const auto edge = [&](std::int64_t i) { return edges.select(1, i).view({-1, 1, 1}); };
  return (row.ge(edge(0)) & row.lt(edge(1))) & (column.ge(edge(2)) & column.lt(edge(3)));
}

}  // namespace segbench::augmentations
