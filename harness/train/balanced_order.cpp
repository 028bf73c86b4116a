// SPDX-License-Identifier: MIT
#include "harness/train/balanced_order.h"

#include <cmath>
#include <memory>

#include "harness/core/error.h"
#include "harness/core/random.h"

namespace segbench::train {
namespace {

constexpr int kCandidates = 16;

/// Shares of the classes in each sample, void left out.
std::vector<std::vector<double>> shares_of(const std::vector<std::vector<std::int64_t>>& class_pixels) {
  std::vector<std::vector<double>> shares;
  for (const std::vector<std::int64_t>& pixels : class_pixels) {
    std::int64_t all = 0;
    for (std::size_t c = 0; c + 1 < pixels.size(); ++c) all += pixels[c];
    std::vector<double>& own = shares.emplace_back();
    for (std::size_t c = 0; c + 1 < pixels.size(); ++c)
      own.push_back(all == 0 ? 0.0 : static_cast<double>(pixels[c]) / static_cast<double>(all));
  }
  return shares;
}

}  // namespace

double distance_to_balance(std::span<const double> shares, std::span<const bool> occurs) {
  double sum = 0, differences = 0;
  int classes = 0;
  for (const double share : shares) sum += share;
  for (const bool any : occurs) classes += any ? 1 : 0;
  if (sum == 0 || classes == 0) return 0;
  for (std::size_t c = 0; c < shares.size(); ++c)
    differences += std::abs(shares[c] / sum - (occurs[c] ? 1.0 / classes : 0.0));
  return differences / 2;
}

std::vector<std::int64_t> balanced_order(const std::vector<std::int64_t>& samples,
                                         const std::vector<std::vector<std::int64_t>>& class_pixels,
                                         double probability, std::uint64_t seed, std::int64_t epoch) {
  SEGBENCH_CHECK(samples.size() == class_pixels.size(), "{} samples with the classes of {}", samples.size(),
                 class_pixels.size());
  std::vector<std::int64_t> order;
  if (samples.empty()) return order;
  const std::vector<std::vector<double>> shares = shares_of(class_pixels);
  const std::size_t classes = shares.front().size();
  const auto occurs = std::make_unique<bool[]>(classes);
  for (const std::vector<double>& own : shares) {
    for (std::size_t c = 0; c < classes; ++c) occurs[c] = occurs[c] || own[c] > 0;
  }
  std::vector<double> sum(classes), tried(classes);
  core::Stream stream(seed, core::Purpose::kOrder, "balanced", static_cast<std::uint32_t>(epoch), 0);
  while (order.size() < samples.size()) {
    std::size_t best = 0;
    double nearest = 2;
    const int candidates = stream.coin(probability) ? kCandidates : 1;
    for (int candidate = 0; candidate < candidates; ++candidate) {
      const auto i = static_cast<std::size_t>(stream.below(samples.size()));
      for (std::size_t c = 0; c < classes; ++c) tried[c] = sum[c] + shares[i][c];
      const double distance = distance_to_balance(tried, {occurs.get(), classes});
      if (distance < nearest) nearest = distance, best = i;
    }
    for (std::size_t c = 0; c < classes; ++c) sum[c] += shares[best][c];
    order.push_back(samples[best]);
  }
  return order;
}

}  // namespace segbench::train
