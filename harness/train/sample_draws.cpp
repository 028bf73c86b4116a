// SPDX-License-Identifier: MIT
#include "harness/train/sample_draws.h"

#include "harness/augmentations/effects/balance.h"
#include "harness/augmentations/effects/mix.h"

namespace segbench::train {

SampleDraws::SampleDraws(const core::DecodeCache& cache, const augmentations::Augmentations& augmentations,
                         const core::PixelRange& range)
    : cache_(cache),
      augmentations_(augmentations),
      format_{.extent = {cache.manifest().height, cache.manifest().width},
              .channels = cache.manifest().channels,
              .range = range} {}

void SampleDraws::follow(const BatchPlan& plan) {
  plan_ = &plan;
  if (plan.augment) shares_ = augmentations::class_shares(cache_.class_pixels(plan.partners));
}

augmentations::Drawn SampleDraws::draw(std::int64_t position, Buffers& buffers) const {
  if (!plan_->augment) return {};
  augmentations::Drawn drawn = augmentations::draw(
      augmentations_, format_.extent, plan_->seed, static_cast<std::uint32_t>(plan_->epoch), index(position),
      static_cast<std::uint32_t>(plan_->repeats.at(static_cast<std::size_t>(position))));
  if (!drawn.views.empty())
    augmentations::choose_view(drawn, format_.extent, stored(position, drawn, buffers).labels, shares_);
  return drawn;
}

augmentations::SampleView SampleDraws::stored(std::int64_t position, const augmentations::Drawn& drawn,
                                              Buffers& buffers) const {
  const augmentations::SampleView own{cache_.image(index(position)), cache_.labels(index(position))};
  if (drawn.mixes.empty()) return own;
  buffers.image.assign(own.image.begin(), own.image.end());
  buffers.labels.assign(own.labels.begin(), own.labels.end());
  for (const augmentations::Mix& mix : drawn.mixes) {
    const std::int64_t other = partner(mix, position);
    augmentations::paste(mix, format_, {cache_.image(other), cache_.labels(other)},
                         {buffers.image, buffers.labels});
  }
  return {buffers.image, buffers.labels};
}

std::int64_t SampleDraws::partner(const augmentations::Mix& mix, std::int64_t position) const {
  return augmentations::partner_of(mix, index(position), plan_->partners);
}

}  // namespace segbench::train
