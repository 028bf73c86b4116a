// SPDX-License-Identifier: MIT
#include "harness/train/batches.h"

#include <c10/core/DeviceGuard.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <utility>

#include "harness/core/stopwatch.h"

namespace segbench::train {

BatchLoader::BatchLoader(const core::DecodeCache& cache, const augmentations::Augmentations& augmentations,
                         BatchFormat format)
    : format_(std::move(format)),
      draws_(cache, augmentations, format_.range),
      sample_(draws_.format()),
      normaliser_(format_.normalisation, sample_.channels, format_.range) {
  const auto [height, width] = sample_.extent;
  const std::int64_t batch = format_.batch_size, channels = sample_.channels;
  const bool on_cpu = format_.device.is_cpu();
  const auto pinned = torch::TensorOptions(torch::kByte).pinned_memory(format_.device.is_cuda());
  for (Slot& slot : slots_) {
    if (on_cpu) {
      slot.images = torch::empty({batch, channels, height, width}, torch::kFloat, format_.memory_format);
    } else {
      slot.images = torch::empty({batch, height, width, channels},
                                 pinned.dtype(format_.range.bits == 16 ? torch::kShort : torch::kByte));
      slot.copied.emplace(format_.device.type());
    }
    slot.labels = torch::empty({batch, height, width}, on_cpu ? torch::TensorOptions(torch::kByte) : pinned);
  }
  if (!on_cpu) device_normaliser_.emplace(format_.normalisation, channels, format_.range, format_.device);
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
  plan_ = completed(std::move(plan), format_.batch_size);
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
    draws_.follow(plan_);
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
  slot.first = first;
  slot.count = count;
  if (format_.device.is_cpu()) {
    for (std::int64_t i = 0; i < count; ++i) fill_on_cpu(slot, i, first + i);
    return;
  }
  wait_for_copies(slot);
  std::vector<augmentations::Drawn> drawn;
  for (std::int64_t i = 0; i < count; ++i) drawn.push_back(fill_for_device(slot, i, first + i));
  leave_to_device(slot, drawn);
}

void BatchLoader::fill_on_cpu(Slot& slot, std::int64_t i, std::int64_t position) {
  const augmentations::Drawn drawn = draws_.draw(position, mixed_);
  const augmentations::SampleView sample = draws_.stored(position, drawn, mixed_);
  const auto pixels = static_cast<std::int64_t>(sample_.pixels());
  const std::span labels(slot.labels.data_ptr<std::uint8_t>() + i * pixels, sample_.pixels());
  const std::uint8_t* image = sample.image.data();
  if (drawn.changes_nothing()) {
    std::memcpy(labels.data(), sample.labels.data(), labels.size());
  } else {
    augmented_.resize(sample_.image_bytes());
    augmentations::apply(drawn, sample_, sample, {augmented_, labels}, scratch_);
    image = augmented_.data();
  }
  normaliser_.write(image, pixels, format_.memory_format,
                    slot.images.data_ptr<float>() + i * pixels * sample_.channels);
}

augmentations::Drawn BatchLoader::fill_for_device(Slot& slot, std::int64_t i, std::int64_t position) {
  augmentations::Drawn drawn = draws_.draw(position, mixed_);
  const augmentations::SampleView sample = draws_.stored(position, drawn, mixed_);
  auto* images = static_cast<std::uint8_t*>(slot.images.data_ptr());
  const augmentations::SampleBytes to{
      {images + static_cast<std::size_t>(i) * sample_.image_bytes(), sample_.image_bytes()},
      {slot.labels.data_ptr<std::uint8_t>() + static_cast<std::size_t>(i) * sample_.pixels(),
       sample_.pixels()}};
  const bool copies = drawn.only_flips();
  augmentations::apply(copies ? drawn : augmentations::Drawn{}, sample_, sample, to, scratch_);
  return copies ? augmentations::Drawn{} : std::move(drawn);
}

void BatchLoader::leave_to_device(Slot& slot, const std::vector<augmentations::Drawn>& drawn) const {
  augmentations::NumberTable table(slot.count);
  slot.effects.emplace(drawn, sample_, table);
  const torch::Tensor numbers = table.tensor();
  if (numbers.numel() == 0) {
    slot.effects.reset();
    return;
  }
  if (!slot.numbers_buffer.defined() || slot.numbers_buffer.numel() < numbers.numel()) {
    slot.numbers_buffer = torch::empty(
        {2 * numbers.numel()}, torch::TensorOptions(torch::kDouble).pinned_memory(format_.device.is_cuda()));
  }
  slot.numbers = slot.numbers_buffer.narrow(0, 0, numbers.numel()).view(numbers.sizes()).copy_(numbers);
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
  const torch::Tensor stored = images.to(format_.device, /*non_blocking=*/true);
  batch_.labels = labels.to(format_.device, /*non_blocking=*/true);
  torch::Tensor numbers;
  if (slot.effects) numbers = slot.numbers.to(format_.device, /*non_blocking=*/true);
  slot.copied->record(c10::impl::VirtualGuardImpl(format_.device.type()).getStream(format_.device));
  torch::Tensor levels = device_normaliser_->numbers(stored);
  if (slot.effects) slot.effects->apply(augmentations::Numbers(numbers), 0, levels, batch_.labels);
  batch_.images = device_normaliser_->input(levels, format_.memory_format);
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
  waited_seconds_ += core::seconds_since(begin);
  to_device(slot);
  ++next_batch_;
  holds_slot_ = true;
  return &batch_;
}

}  // namespace segbench::train
