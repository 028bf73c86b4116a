// SPDX-License-Identifier: MIT
#include "harness/train/resident_batches.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include "harness/augmentations/effects/mix.h"
#include "harness/core/stopwatch.h"

namespace segbench::train {

using augmentations::Drawn;

ResidentBatches::ResidentBatches(const core::DecodeCache& cache,
                                 const augmentations::Augmentations& augmentations, BatchFormat format,
                                 ResidentSamples samples, std::unique_ptr<BatchSource>&& others)
    : cache_(cache),
      format_(std::move(format)),
      draws_(cache, augmentations, format_.range),
      normaliser_(format_.normalisation, cache.manifest().channels, format_.range, format_.device),
      samples_(std::move(samples)),
      others_(std::move(others)) {}

void ResidentBatches::start(BatchPlan plan) {
  course_.reset();
  plan_ = completed(std::move(plan), format_.batch_size);
  is_for_others_ = !samples_.have(plan_.order) || (plan_.augment && !samples_.have(plan_.partners));
  next_batch_ = plan_.first_batch;
  waited_seconds_ = 0;
  if (is_for_others_) others_->start(plan_);
}

double ResidentBatches::waited_seconds() const {
  return is_for_others_ ? others_->waited_seconds() : waited_seconds_;
}

std::vector<Drawn> ResidentBatches::draw_all(std::int64_t first) const {
  const std::int64_t count = static_cast<std::int64_t>(plan_.order.size()) - first;
  std::vector<Drawn> drawn(static_cast<std::size_t>(count));
  at::parallel_for(0, count, /*grain_size=*/16, [&](std::int64_t begin, std::int64_t end) {
    SampleDraws::Buffers buffers;
    for (std::int64_t i = begin; i < end; ++i)
      drawn[static_cast<std::size_t>(i)] = draws_.draw(first + i, buffers);
  });
  return drawn;
}

augmentations::Paste ResidentBatches::paste_of(const augmentations::Mix& mix, std::int64_t position) const {
  const std::int64_t partner = draws_.partner(mix, position);
  augmentations::Paste paste{
      .partner = samples_.place(partner).value(), .rectangle = mix.rectangle, .classes = {}};
  if (!mix.rectangle) paste.classes = augmentations::pasted_classes(mix, cache_.labels(partner));
  return paste;
}

ResidentBatches::Course ResidentBatches::prepare() const {
  const std::int64_t first = plan_.first_batch * plan_.batch_size;
  std::vector<Drawn> drawn = draw_all(first);
  augmentations::NumberTable table(static_cast<std::int64_t>(drawn.size()));
  const std::int64_t place = table.add_rows(1, 0);
  std::vector<std::vector<augmentations::Paste>> pastes(drawn.size());
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    const std::int64_t position = first + static_cast<std::int64_t>(i);
    const std::int64_t sample = plan_.order[static_cast<std::size_t>(position)];
    table.set(place, static_cast<std::int64_t>(i), static_cast<double>(samples_.place(sample).value()));
    for (const augmentations::Mix& mix : drawn[i].mixes) pastes[i].push_back(paste_of(mix, position));
  }
  augmentations::BatchMixes mixes(pastes, table);
  augmentations::BatchFlips flips(drawn, table);
  augmentations::BatchEffects effects(drawn, draws_.format(), table);
  return {.place = place,
          .mixes = std::move(mixes),
          .flips = std::move(flips),
          .effects = std::move(effects),
          .numbers = augmentations::Numbers(table.tensor().to(format_.device))};
}

const Batch* ResidentBatches::next() {
  if (is_for_others_) return others_->next();
  const std::int64_t first = next_batch_ * plan_.batch_size,
                     count =
                         std::min(plan_.batch_size, static_cast<std::int64_t>(plan_.order.size()) - first);
  if (count <= 0) return nullptr;
  if (!course_) {
    const auto begin = std::chrono::steady_clock::now();
    draws_.follow(plan_);
    course_ = prepare();
    waited_seconds_ += core::seconds_since(begin);
  }
  const std::int64_t column = first - plan_.first_batch * plan_.batch_size;
  const augmentations::Numbers numbers = course_->numbers.columns(column, count);
  const torch::Tensor place = numbers.whole(course_->place).flatten();
  torch::Tensor images = samples_.images().index_select(0, place);
  batch_.labels = samples_.labels().index_select(0, place);
  course_->mixes.apply(numbers, column, samples_.images(), samples_.labels(), images, batch_.labels);
  course_->flips.apply(numbers, column, images, batch_.labels);
  torch::Tensor levels = normaliser_.numbers(images);
  course_->effects.apply(numbers, column, levels, batch_.labels);
  batch_.images = normaliser_.input(levels, format_.memory_format);
  batch_.first = first;
  ++next_batch_;
  return &batch_;
}

}  // namespace segbench::train
