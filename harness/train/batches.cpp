// SPDX-License-Identifier: MIT
#include "harness/train/batches.h"

#include <c10/core/DeviceGuard.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <map>
#include <utility>

#include "harness/augmentations/effects/balance.h"
#include "harness/augmentations/effects/mix.h"
#include "harness/augmentations/torch/batch.h"
#include "harness/core/error.h"

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

BatchLoader::BatchLoader(const core::DecodeCache& cache, const augmentations::Augmentations& augmentations,
                         BatchFormat format)
    : cache_(cache),
      augmentations_(augmentations),
      format_(std::move(format)),
      height_(cache.manifest().height),
      width_(cache.manifest().width),
      channels_(cache.manifest().channels),
      sample_{.extent = {height_, width_}, .channels = channels_, .range = format_.range},
      normaliser_(format_.normalisation, channels_, format_.range) {
  const core::Normalisation& by = format_.normalisation;
  const std::int64_t batch = format_.batch_size;
  const bool on_cpu = format_.device.is_cpu();
  const auto pinned = torch::TensorOptions(torch::kByte).pinned_memory(format_.device.is_cuda());
  for (Slot& slot : slots_) {
    if (on_cpu) {
      slot.images = torch::empty({batch, channels_, height_, width_}, torch::kFloat, format_.memory_format);
    } else {
      slot.images = torch::empty({batch, height_, width_, channels_},
                                 pinned.dtype(format_.range.bits == 16 ? torch::kShort : torch::kByte));
      slot.copied.emplace(format_.device.type());
    }
    slot.labels =
        torch::empty({batch, height_, width_}, on_cpu ? torch::TensorOptions(torch::kByte) : pinned);
  }
  if (!on_cpu) {
    const auto constants = [&](const std::vector<double>& values) {
      return torch::tensor(values, torch::kFloat).to(format_.device);
    };
    if (format_.range != core::PixelRange{}) {
      std::vector<double> low, step;
      for (std::size_t c = 0; c < static_cast<std::size_t>(channels_); ++c) {
        const auto bounds = format_.range.of(c);
        low.push_back(bounds[0]), step.push_back(255.0 / (bounds[1] - bounds[0]));
      }
      low_ = constants(low), step_ = constants(step);
    }
    scale_ = constants(by.scale);
    shift_ = constants(by.shift);
  }
}

BatchLoader::~BatchLoader() {
  stop();
}

void BatchLoader::stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void BatchLoader::start(BatchPlan plan) {
  stop();
  plan_ = std::move(plan);
  if (plan_.batch_size == 0) plan_.batch_size = format_.batch_size;
  samples_ = plan_.partners.empty() ? plan_.order : plan_.partners;
  std::sort(samples_.begin(), samples_.end());
  samples_.erase(std::unique(samples_.begin(), samples_.end()), samples_.end());
  if (plan_.repeats.empty()) plan_.repeats = repeats_in(plan_.order);
  next_batch_ = plan_.first_batch;
  waited_seconds_ = 0;
  holds_slot_ = stopping_ = false;
  failure_ = nullptr;
  for (Slot& slot : slots_) slot.is_full = false;
  thread_ = std::thread([this] { load_all(); });
}

void BatchLoader::load_all() {
  try {
    const c10::DeviceGuard on_device(format_.device);  // pinned memory belongs to a device
    if (plan_.augment) shares_ = augmentations::class_shares(cache_.class_pixels(samples_));
    const auto samples = static_cast<std::int64_t>(plan_.order.size());
    for (std::int64_t batch = plan_.first_batch; batch * plan_.batch_size < samples; ++batch) {
      Slot& slot = slots_[static_cast<std::size_t>(batch % 2)];
      {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return !slot.is_full || stopping_; });
        if (stopping_) return;
      }
      const std::int64_t first = batch * plan_.batch_size;
      fill(slot, first, std::min(plan_.batch_size, samples - first));
      {
        const std::lock_guard lock(mutex_);
        slot.is_full = true;
      }
      changed_.notify_all();
    }
  } catch (...) {
    const std::lock_guard lock(mutex_);
    failure_ = std::current_exception();
    changed_.notify_all();
  }
}

void BatchLoader::fill(Slot& slot, std::int64_t first, std::int64_t count) {
  const bool on_cpu = format_.device.is_cpu();
  if (!on_cpu) wait_for_copies(slot);
  slot.drawn.clear();
  for (std::int64_t i = 0; i < count; ++i) {
    on_cpu ? fill_on_cpu(slot, i, first + i) : fill_for_device(slot, i, first + i);
  }
  slot.first = first;
  slot.count = count;
}

augmentations::Drawn BatchLoader::draw(std::int64_t position) const {
  if (!plan_.augment) return {};
  const auto at = static_cast<std::size_t>(position);
  return augmentations::draw(augmentations_, sample_.extent, plan_.seed,
                             static_cast<std::uint32_t>(plan_.epoch), plan_.order[at],
                             static_cast<std::uint32_t>(plan_.repeats.at(at)));
}

augmentations::SampleView BatchLoader::stored(std::int64_t index, const augmentations::Drawn& drawn) {
  if (drawn.mixes.empty()) return {cache_.image(index), cache_.labels(index)};
  mixed_image_.assign(cache_.image(index).begin(), cache_.image(index).end());
  mixed_labels_.assign(cache_.labels(index).begin(), cache_.labels(index).end());
  for (const augmentations::Mix& mix : drawn.mixes) {
    const std::int64_t partner = augmentations::partner_of(mix, index, samples_);
    augmentations::paste(mix, sample_, {cache_.image(partner), cache_.labels(partner)},
                         {mixed_image_, mixed_labels_});
  }
  return {mixed_image_, mixed_labels_};
}

void BatchLoader::fill_on_cpu(Slot& slot, std::int64_t i, std::int64_t position) {
  augmentations::Drawn drawn = draw(position);
  const augmentations::SampleView sample = stored(plan_.order[static_cast<std::size_t>(position)], drawn);
  augmentations::choose_view(drawn, sample_.extent, sample.labels, shares_);
  const std::span labels(slot.labels.data_ptr<std::uint8_t>() + i * height_ * width_, sample_.pixels());
  const std::uint8_t* image = sample.image.data();
  if (drawn.changes_nothing()) {
    std::memcpy(labels.data(), sample.labels.data(), labels.size());
  } else {
    augmented_.resize(sample_.image_bytes());
    augmentations::apply(drawn, sample_, sample, {augmented_, labels}, scratch_);
    image = augmented_.data();
  }
  normaliser_.write(image, height_ * width_, format_.memory_format,
                    slot.images.data_ptr<float>() + i * height_ * width_ * channels_);
}

void BatchLoader::fill_for_device(Slot& slot, std::int64_t i, std::int64_t position) {
  augmentations::Drawn drawn = draw(position);
  const augmentations::SampleView sample = stored(plan_.order[static_cast<std::size_t>(position)], drawn);
  augmentations::choose_view(drawn, sample_.extent, sample.labels, shares_);
  auto* images = static_cast<std::uint8_t*>(slot.images.data_ptr());
  const augmentations::SampleBytes to{
      {images + static_cast<std::size_t>(i) * sample_.image_bytes(), sample_.image_bytes()},
      {slot.labels.data_ptr<std::uint8_t>() + i * height_ * width_, sample_.pixels()}};
  const bool copies = drawn.only_flips();
  augmentations::apply(copies ? drawn : augmentations::Drawn{}, sample_, sample, to, scratch_);
  slot.drawn.push_back(copies ? augmentations::Drawn{} : std::move(drawn));
}

void BatchLoader::wait_for_copies(const Slot& slot) const {
  // Pinned buffers are kept rather than given back after each batch: to free one asks the device for an
  // event, and where the device has failed that ends the process before anybody can say so. An event of our
  // own throws.
  while (!slot.copied->query()) std::this_thread::sleep_for(std::chrono::microseconds(20));
}

void BatchLoader::to_device(Slot& slot) {
  const torch::Tensor images = slot.images.narrow(0, 0, slot.count),
                      labels = slot.labels.narrow(0, 0, slot.count);
  batch_.first = slot.first;
  if (format_.device.is_cpu()) {
    batch_.images = images;
    batch_.labels = labels;
    return;
  }
  torch::Tensor values = images.to(format_.device, /*non_blocking=*/true);
  // LibTorch 1.13 has no unsigned 16-bit numbers: they travel as signed ones.
  if (format_.range.bits == 16) values = values.to(torch::kInt).bitwise_and_(0xFFFF);
  torch::Tensor levels = values.to(torch::kFloat);
  batch_.labels = labels.to(format_.device, /*non_blocking=*/true);
  slot.copied->record(c10::impl::VirtualGuardImpl(format_.device.type()).getStream(format_.device));
  augmentations::apply(slot.drawn, format_.range, levels, batch_.labels);
  if (low_.defined()) levels.sub_(low_).mul_(step_).clamp_(0, 255);
  if (format_.normalisation.source[0] != 0) levels = levels.flip({3});  // blue, green, red
  batch_.images = levels.mul_(scale_).add_(shift_).permute({0, 3, 1, 2}).contiguous(format_.memory_format);
}

const Batch* BatchLoader::next() {
  const auto begin = std::chrono::steady_clock::now();
  std::unique_lock lock(mutex_);
  if (holds_slot_) {
    slots_[static_cast<std::size_t>((next_batch_ - 1) % 2)].is_full = false;
    holds_slot_ = false;
    changed_.notify_all();
  }
  if (next_batch_ * plan_.batch_size >= static_cast<std::int64_t>(plan_.order.size())) return nullptr;
  Slot& slot = slots_[static_cast<std::size_t>(next_batch_ % 2)];
  changed_.wait(lock, [&] { return slot.is_full || failure_ != nullptr; });
  if (!slot.is_full) std::rethrow_exception(failure_);
  lock.unlock();
  waited_seconds_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  to_device(slot);
  ++next_batch_;
  holds_slot_ = true;
  return &batch_;
}

}  // namespace segbench::train
