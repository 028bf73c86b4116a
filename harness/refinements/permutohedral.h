// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace segbench::refinements {

/// Sums over all pairs of points, weighed by a Gaussian of their distance in a space of features, in time
/// that grows with the number of points alone: points are splatted onto the permutohedral lattice, blurred
/// there, and sliced (Adams, Baek and Davis, "Fast High-Dimensional Filtering Using the Permutohedral
/// Lattice", Eurographics 2010). An approximation of sum_j exp(-|f_i - f_j|^2 / 2) v_j, j = i included, to a
/// few per cent.
class Permutohedral {
 public:
  static constexpr int kMostDimensions = 5;

  /// `features` [points, dimensions], in standard deviations of the Gaussian.
  Permutohedral(std::span<const float> features, int dimensions);

  /// `values` [points, channels] become their sums.
  void filter(std::span<float> values, int channels) const;
  std::size_t points() const { return corners_.size() / static_cast<std::size_t>(dimensions_ + 1); }

 private:
  using Key = std::array<std::int16_t, kMostDimensions>;
  struct Corner {
    std::uint32_t vertex;
    float weight;
  };
  struct Neighbours {
    std::uint32_t before, behind;
  };

  int dimensions_;
  std::size_t vertices_ = 0;            ///< vertex 0 stands for those that are not there
  std::vector<Corner> corners_;         ///< [points, dimensions + 1]: of the simplex around each point
  std::vector<Neighbours> neighbours_;  ///< [dimensions + 1, vertices]
};

}  // namespace segbench::refinements
