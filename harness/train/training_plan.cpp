// SPDX-License-Identifier: MIT
#include "harness/train/training_plan.h"

#include <vector>

#include "harness/core/part.h"
#include "harness/train/balanced_order.h"
#include "harness/train/parallel.h"

namespace segbench::train {
namespace {

std::vector<std::int64_t> training_order(const core::TrialSpec& spec, const core::DecodeCache& cache,
                                         std::int64_t epoch) {
  const std::vector<std::int64_t>& samples = spec.splits.train;
  for (const core::PartChoice& part : spec.variant.training.augment) {
    if (core::traits_of(core::PartKind::kAugmentation, part).at("effect") != "sampling") continue;
    std::vector<std::vector<std::int64_t>> class_pixels;
    for (const std::int64_t index : samples)
      class_pixels.push_back(cache.manifest().samples.at(static_cast<std::size_t>(index)).class_pixels);
    return balanced_order(samples, class_pixels, part.params.at("probability"), spec.seed, epoch);
  }
  return epoch_order(samples, spec.seed, epoch);
}

}  // namespace

BatchPlan training_plan(const core::TrialSpec& spec, const core::DecodeCache& cache, std::int64_t epoch,
                        std::int64_t first_step, const ProcessGroup* group) {
  BatchPlan plan{.order = training_order(spec, cache, epoch),
                 .first_batch = first_step,
                 .augment = true,
                 .seed = spec.seed,
                 .epoch = epoch,
                 .partners = spec.splits.train};
  if (group != nullptr) {
    const std::int64_t batch = spec.variant.training.batch_size;
    plan.repeats = order_of_process(repeats_in(plan.order), batch, group->rank(), group->size());
    plan.order = order_of_process(plan.order, batch, group->rank(), group->size());
    plan.batch_size = batch / group->size();
  }
  return plan;
}

}  // namespace segbench::train
