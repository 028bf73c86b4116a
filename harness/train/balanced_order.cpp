// SPDX-License-Identifier: MIT
#include "harness/train/balanced_order.h"

#include "harness/augmentations/effects/balance.h"
#include "harness/core/error.h"
#include "harness/core/random.h"

namespace segbench::train {
namespace {

constexpr int kCandidates = 16;

}  // namespace

std::vector<std::int64_t> balanced_order(const std::vector<std::int64_t>& samples,
                                         const std::vector<std::vector<std::int64_t>>& class_pixels,
                                         double probability, std::uint64_t seed, std::int64_t epoch) {
  SEGBENCH_CHECK(samples.size() == class_pixels.size(), "{} samples with the classes of {}", samples.size(),
                 class_pixels.size());
  std::vector<std::int64_t> order;
  if (samples.empty()) return order;
  std::vector<std::vector<double>> shares;
  for (const std::vector<std::int64_t>& pixels : class_pixels)
    shares.push_back(augmentations::class_shares(pixels));
  const std::size_t classes = shares.front().size();
  std::vector<double> all(classes), sum(classes), tried(classes);
  for (const std::vector<double>& own : shares) {
    for (std::size_t c = 0; c < classes; ++c) all[c] += own[c];
  }
  core::Stream stream(seed, core::Purpose::kOrder, "balanced", static_cast<std::uint32_t>(epoch), 0);
  while (order.size() < samples.size()) {
    std::size_t best = 0;
    double nearest = 2;
    const int candidates = stream.coin(probability) ? kCandidates : 1;
    for (int candidate = 0; candidate < candidates; ++candidate) {
      const auto i = static_cast<std::size_t>(stream.below(samples.size()));
      for (std::size_t c = 0; c < classes; ++c) tried[c] = sum[c] + shares[i][c];
      const double distance = augmentations::distance_to_balance(tried, all);
      if (distance < nearest) nearest = distance, best = i;
    }
    for (std::size_t c = 0; c < classes; ++c) sum[c] += shares[best][c];
    order.push_back(samples[best]);
  }
  return order;
}

}  // namespace segbench::train
