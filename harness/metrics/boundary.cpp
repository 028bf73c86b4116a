// SPDX-License-Identifier: MIT
#include "harness/metrics/boundary.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace segbench::metrics {
namespace {

/// Share of the pixels of `map` within `radius` of one of `other`; 1 when there are none.
double share_found(const Mask& map, const Mask& other, double radius) {
  if (map.is_empty()) return 1;
  if (other.is_empty()) return 0;
  const std::vector<std::int64_t> distances = squared_distances(other);
  std::int64_t all = 0, found = 0;
  for (std::size_t i = 0; i < map.set.size(); ++i) {
    if (map.set[i] == 0) continue;
    ++all;
    found += static_cast<double>(distances[i]) <= radius * radius ? 1 : 0;
  }
  return static_cast<double>(found) / static_cast<double>(all);
}

std::vector<double> distances_from(const Mask& surface, const Mask& other) {
  const std::vector<std::int64_t> squares = squared_distances(other);
  std::vector<double> distances;
  for (std::size_t i = 0; i < surface.set.size(); ++i) {
    if (surface.set[i] != 0) distances.push_back(std::sqrt(static_cast<double>(squares[i])));
  }
  std::sort(distances.begin(), distances.end());
  return distances;
}

double percentile_95(const std::vector<double>& ascending) {
  const double position = 0.95 * static_cast<double>(ascending.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const std::size_t above = std::min(below + 1, ascending.size() - 1);
  return ascending[below] + (position - static_cast<double>(below)) * (ascending[above] - ascending[below]);
}

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace

BoundaryF boundary_f(const Mask& truth, const Mask& prediction, double radius) {
  const Mask wanted = boundary_map(truth), found = boundary_map(prediction);
  BoundaryF score{.precision = share_found(found, wanted, radius),
                  .recall = share_found(wanted, found, radius)};
  const double sum = score.precision + score.recall;
  score.f = sum > 0 ? 2 * score.precision * score.recall / sum : 0;
  return score;
}

std::optional<double> boundary_iou(const Mask& truth, const Mask& prediction, std::int64_t depth) {
  const Mask a = band_of(truth, depth), b = band_of(prediction, depth);
  std::int64_t both = 0, either = 0;
  for (std::size_t i = 0; i < a.set.size(); ++i) {
    both += a.set[i] & b.set[i];
    either += a.set[i] | b.set[i];
  }
  if (either == 0) return std::nullopt;
  return static_cast<double>(both) / static_cast<double>(either);
}

std::int64_t band_depth(std::int64_t height, std::int64_t width, double fraction) {
  const double diagonal = std::hypot(static_cast<double>(height), static_cast<double>(width));
  return std::max<std::int64_t>(1, std::llround(fraction * diagonal));
}

double SurfaceDistances::hausdorff() const {
  return std::max(from_truth.back(), from_prediction.back());
}

double SurfaceDistances::hausdorff_95() const {
  std::vector<double> all = from_truth;
  all.insert(all.end(), from_prediction.begin(), from_prediction.end());
  std::sort(all.begin(), all.end());
  return percentile_95(all);
}

double SurfaceDistances::hausdorff_95_directed() const {
  return std::max(percentile_95(from_truth), percentile_95(from_prediction));
}

double SurfaceDistances::average() const {
  return (mean(from_truth) + mean(from_prediction)) / 2;
}

double SurfaceDistances::dice(double tolerance) const {
  const auto within = [&](const std::vector<double>& ascending) {
    return std::upper_bound(ascending.begin(), ascending.end(), tolerance) - ascending.begin();
  };
  return static_cast<double>(within(from_truth) + within(from_prediction)) /
         static_cast<double>(from_truth.size() + from_prediction.size());
}

std::optional<SurfaceDistances> surface_distances(const Mask& truth, const Mask& prediction) {
  if (truth.is_empty() || prediction.is_empty()) return std::nullopt;
  const Mask a = surface_of(truth), b = surface_of(prediction);
  return SurfaceDistances{.from_truth = distances_from(a, b), .from_prediction = distances_from(b, a)};
}

}  // namespace segbench::metrics
