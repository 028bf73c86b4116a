// SPDX-License-Identifier: MIT
#include "harness/refinements/permutohedral.h"

#include <cmath>
#include <unordered_map>

#include "harness/core/error.h"

namespace segbench::refinements {
namespace {

constexpr int kMost = Permutohedral::kMostDimensions + 1;

struct Simplex {
  std::array<int, kMost> nearest{};  ///< the lattice point of remainder 0
  std::array<int, kMost> rank{};
  std::array<float, kMost + 1> weights{};  ///< barycentric, of the corner of each remainder
};

/// The simplex around a point that was lifted onto the plane in which coordinates sum to 0.
Simplex simplex_around(const std::array<float, kMost>& lifted, int d) {
  Simplex simplex;
  int sum = 0;
  for (int i = 0; i <= d; ++i) {
    const int rounded = static_cast<int>(std::lround(lifted[i] / static_cast<float>(d + 1)));
    simplex.nearest[i] = rounded * (d + 1);
    sum += rounded;
  }
  const auto rest = [&](int i) { return lifted[i] - static_cast<float>(simplex.nearest[i]); };
  for (int i = 0; i < d; ++i) {
    for (int j = i + 1; j <= d; ++j) ++simplex.rank[rest(i) < rest(j) ? i : j];
  }
  for (int i = 0; i <= d; ++i) {
    simplex.rank[i] += sum;
    const int move = simplex.rank[i] < 0 ? d + 1 : simplex.rank[i] > d ? -(d + 1) : 0;
    simplex.rank[i] += move;
    simplex.nearest[i] += move;
  }
  for (int i = 0; i <= d; ++i) {
    const float share = rest(i) / static_cast<float>(d + 1);
    simplex.weights[d - simplex.rank[i]] += share;
    simplex.weights[d - simplex.rank[i] + 1] -= share;
  }
  simplex.weights[0] += 1 + simplex.weights[d + 1];
  return simplex;
}

template <typename Key>
struct KeyHash {
  std::size_t operator()(const Key& key) const {
    std::size_t hash = 0;
    for (const std::int16_t value : key) hash = (hash + static_cast<std::uint16_t>(value)) * 1664525;
    return hash;
  }
};

}  // namespace

Permutohedral::Permutohedral(std::span<const float> features, int dimensions) : dimensions_(dimensions) {
  SEGBENCH_CHECK(dimensions >= 1 && dimensions <= kMostDimensions, "{} dimensions", dimensions);
  const int d = dimensions;
  const std::size_t points = features.size() / static_cast<std::size_t>(d);
  std::array<float, kMost> scale{};
  for (int i = 0; i < d; ++i)
    scale[i] = static_cast<float>(std::sqrt(2.0 / 3) * (d + 1) / std::sqrt((i + 1.0) * (i + 2.0)));
  std::unordered_map<Key, std::uint32_t, KeyHash<Key>> known;
  std::vector<Key> keys = {Key{}};  // vertex 0 is none
  corners_.reserve(points * static_cast<std::size_t>(d + 1));
  for (std::size_t p = 0; p < points; ++p) {
    std::array<float, kMost> lifted{};
    float sum = 0;
    for (int j = d; j > 0; --j) {
      const float coordinate =
          features[p * static_cast<std::size_t>(d) + static_cast<std::size_t>(j - 1)] * scale[j - 1];
      lifted[j] = sum - static_cast<float>(j) * coordinate;
      sum += coordinate;
    }
    lifted[0] = sum;
    const Simplex simplex = simplex_around(lifted, d);
    for (int remainder = 0; remainder <= d; ++remainder) {
      Key key{};
      for (int i = 0; i < d; ++i) {
        const int step = simplex.rank[i] <= d - remainder ? remainder : remainder - (d + 1);
        key[static_cast<std::size_t>(i)] = static_cast<std::int16_t>(simplex.nearest[i] + step);
      }
      const auto [found, is_new] = known.try_emplace(key, static_cast<std::uint32_t>(keys.size()));
      if (is_new) keys.push_back(key);
      corners_.push_back({found->second, simplex.weights[remainder]});
    }
  }
  vertices_ = keys.size();
  const auto vertex = [&](const Key& key) {
    const auto found = known.find(key);
    return found == known.end() ? 0U : found->second;
  };
  for (int direction = 0; direction <= d; ++direction) {
    neighbours_.push_back({0, 0});
    for (std::size_t v = 1; v < vertices_; ++v) {
      Key before = keys[v], behind = keys[v];
      for (int i = 0; i < d; ++i) {
        const auto k = static_cast<std::size_t>(i);
        const int step = i == direction ? d : -1;
        before[k] = static_cast<std::int16_t>(before[k] + step);
        behind[k] = static_cast<std::int16_t>(behind[k] - step);
      }
      neighbours_.push_back({vertex(before), vertex(behind)});
    }
  }
}

void Permutohedral::filter(std::span<float> values, int channels) const {
  const auto width = static_cast<std::size_t>(channels), corners = static_cast<std::size_t>(dimensions_ + 1);
  std::vector<float> lattice(vertices_ * width), blurred(lattice.size());
  for (std::size_t i = 0; i < corners_.size(); ++i) {
    const auto [vertex, weight] = corners_[i];
    for (std::size_t c = 0; c < width; ++c)
      lattice[vertex * width + c] += weight * values[i / corners * width + c];
  }
  for (std::size_t direction = 0; direction < corners; ++direction) {
    for (std::size_t v = 1; v < vertices_; ++v) {
      const auto [before, behind] = neighbours_[direction * vertices_ + v];
      for (std::size_t c = 0; c < width; ++c)
        blurred[v * width + c] =
            lattice[v * width + c] + 0.5F * (lattice[before * width + c] + lattice[behind * width + c]);
    }
    lattice.swap(blurred);
  }
  const float alpha = 1.0F / (1.0F + std::pow(2.0F, -static_cast<float>(dimensions_)));
  for (std::size_t p = 0; p < points(); ++p) {
    for (std::size_t c = 0; c < width; ++c) {
      float sum = 0;
      for (std::size_t i = p * corners; i < (p + 1) * corners; ++i)
        sum += corners_[i].weight * lattice[corners_[i].vertex * width + c];
      values[p * width + c] = alpha * sum;
    }
  }
}

}  // namespace segbench::refinements
