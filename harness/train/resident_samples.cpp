// SPDX-License-Identifier: MIT
#include "harness/train/resident_samples.h"

#include <algorithm>
#include <cstring>
#include <span>

namespace segbench::train {
namespace {

using torch::Tensor;

/// What is gathered on the host before it is copied to the device.
constexpr std::int64_t kStagedBytes = std::int64_t{32} << 20;

/// Copies bytes_of(sample) of every sample into its row of `to`, which is on a device.
template <typename BytesOf>
void copy_rows(const std::vector<std::int64_t>& samples, const BytesOf& bytes_of, const Tensor& to) {
  const auto row_bytes = static_cast<std::int64_t>(to.nbytes()) / to.size(0);
  const auto count = static_cast<std::int64_t>(samples.size());
  const std::int64_t some = std::clamp<std::int64_t>(kStagedBytes / row_bytes, 1, count);
  std::vector<std::int64_t> sizes = to.sizes().vec();
  sizes[0] = some;
  const Tensor staged = torch::empty(sizes, to.options().device(torch::kCPU));
  for (std::int64_t first = 0; first < count; first += some) {
    const std::int64_t here = std::min(some, count - first);
    for (std::int64_t i = 0; i < here; ++i) {
      const std::span<const std::uint8_t> bytes = bytes_of(samples[static_cast<std::size_t>(first + i)]);
      std::memcpy(static_cast<std::uint8_t*>(staged.data_ptr()) + i * row_bytes, bytes.data(), bytes.size());
    }
    to.narrow(0, first, here).copy_(staged.narrow(0, 0, here));
  }
}

}  // namespace

ResidentSamples::ResidentSamples(const core::DecodeCache& cache, std::vector<std::int64_t> samples,
                                 torch::Device device)
    : samples_(std::move(samples)) {
  std::sort(samples_.begin(), samples_.end());
  samples_.erase(std::unique(samples_.begin(), samples_.end()), samples_.end());
  const core::CacheManifest& manifest = cache.manifest();
  const auto count = static_cast<std::int64_t>(samples_.size());
  const auto options =
      torch::TensorOptions(manifest.bits == 16 ? torch::kShort : torch::kByte).device(device);
  images_ = torch::empty({count, manifest.height, manifest.width, manifest.channels}, options);
  labels_ = torch::empty({count, manifest.height, manifest.width}, options.dtype(torch::kByte));
  copy_rows(
      samples_, [&](std::int64_t sample) { return cache.image(sample); }, images_);
  copy_rows(
      samples_, [&](std::int64_t sample) { return cache.labels(sample); }, labels_);
}

std::optional<std::int64_t> ResidentSamples::place(std::int64_t sample) const {
  const auto found = std::lower_bound(samples_.begin(), samples_.end(), sample);
  if (found == samples_.end() || *found != sample) return std::nullopt;
  return found - samples_.begin();
}

bool ResidentSamples::have(const std::vector<std::int64_t>& samples) const {
  return std::all_of(samples.begin(), samples.end(),
                     [&](std::int64_t sample) { return place(sample).has_value(); });
}

std::int64_t resident_bytes(const core::CacheManifest& manifest, std::int64_t samples) {
  return samples * manifest.height * manifest.width * (manifest.channels * manifest.sample_bytes() + 1);
}

std::int64_t most_resident_bytes(std::optional<std::int64_t> free_bytes) {
  return free_bytes ? *free_bytes / 8 : std::int64_t{256} << 20;
}

}  // namespace segbench::train
