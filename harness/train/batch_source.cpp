// SPDX-License-Identifier: MIT
#include "harness/train/batch_source.h"

#include <algorithm>
#include <map>
#include <span>

#include "harness/core/random.h"

namespace segbench::train {

std::vector<std::int64_t> epoch_order(const std::vector<std::int64_t>& samples, std::uint64_t seed,
                                      std::int64_t epoch) {
  std::vector<std::int64_t> order = samples;
  core::Stream stream(seed, core::Purpose::kOrder, static_cast<std::uint32_t>(epoch));
  stream.shuffle(std::span(order));
  return order;
}

std::vector<std::int64_t> repeats_in(const std::vector<std::int64_t>& order) {
  std::map<std::int64_t, std::int64_t> seen;
  std::vector<std::int64_t> repeats;
  for (const std::int64_t sample : order) repeats.push_back(seen[sample]++);
  return repeats;
}

BatchPlan completed(BatchPlan plan, std::int64_t batch_size) {
  if (plan.batch_size == 0) plan.batch_size = batch_size;
  if (plan.partners.empty()) plan.partners = plan.order;
  std::sort(plan.partners.begin(), plan.partners.end());
  plan.partners.erase(std::unique(plan.partners.begin(), plan.partners.end()), plan.partners.end());
  if (plan.repeats.empty()) plan.repeats = repeats_in(plan.order);
  return plan;
}

}  // namespace segbench::train
