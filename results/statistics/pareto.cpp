// SPDX-License-Identifier: MIT
#include "results/statistics/pareto.h"

#include <algorithm>

namespace segbench::statistics {
namespace {

bool beats(const CostScore& a, const CostScore& b) {
  return a.cost <= b.cost && a.score >= b.score && (a.cost < b.cost || a.score > b.score);
}

}  // namespace

std::vector<std::size_t> pareto_front(const std::vector<CostScore>& points) {
  std::vector<std::size_t> front;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const bool beaten = std::any_of(points.begin(), points.end(),
                                    [&](const CostScore& other) { return beats(other, points[i]); });
    if (!beaten) front.push_back(i);
  }
  std::stable_sort(front.begin(), front.end(),
                   [&](std::size_t a, std::size_t b) { return points[a].cost < points[b].cost; });
  return front;
}

double hypervolume(const std::vector<CostScore>& points, const CostScore& reference) {
  const std::vector<std::size_t> front = pareto_front(points);
  double area = 0;
  for (std::size_t i = 0; i < front.size(); ++i) {
    const double next = i + 1 < front.size() ? points[front[i + 1]].cost : reference.cost;
    area += (next - points[front[i]].cost) * (points[front[i]].score - reference.score);
  }
  return area;
}

}  // namespace segbench::statistics
