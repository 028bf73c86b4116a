// SPDX-License-Identifier: MIT
#include "harness/profile/images.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "harness/core/error.h"
#include "harness/core/trial.h"
#include "harness/data/codecs/image_file.h"
#include "harness/profile/made_up_image.h"

namespace segbench::profile {
namespace {

/// At the size of the network.
std::vector<std::uint8_t> resized(data::Image image, const Network& network) {
  const data::Image input = data::network_input(std::move(image), {.channels = network.channels},
                                                network.height, network.width, network.range.bits);
  const auto bytes = input.bytes();
  const auto* begin = reinterpret_cast<const std::uint8_t*>(bytes.data());
  return {begin, begin + bytes.size()};
}

std::vector<std::uint8_t> from_file(const std::string& file, const Network& network) try {
  const data::ImageRule rule{.channels = network.channels};
  return resized(data::decode_image(data::read_sample_file(file), rule), network);
} catch (const core::UserError& error) {
  throw core::UserError(fmt::format("{}: {}", file, error.what()));
}

data::Image cached_image(const core::DecodeCache& cache, std::int64_t index) {
  const core::CacheManifest& manifest = cache.manifest();
  data::Image image{manifest.height, manifest.width, manifest.channels, {}};
  const std::span<const std::uint8_t> samples = cache.image(index);
  if (manifest.bits == 16) {
    image.wide.resize(samples.size() / 2);
    std::memcpy(image.wide.data(), samples.data(), samples.size());
  } else {
    image.pixels.assign(samples.begin(), samples.end());
  }
  return image;
}

/// Different images to prepare: those of the largest batch, which come again in larger ones than this.
std::int64_t wanted_images(const study::ProfileSettings& settings) {
  constexpr std::int64_t kMost = 64;
  return std::min(kMost, *std::max_element(settings.batch.begin(), settings.batch.end()));
}

}  // namespace

NetworkImages::NetworkImages(const Network& network, const study::ProfileSettings& settings)
    : normaliser_(core::normalisation(network.normalise, network.channels), network.channels, network.range),
      pixels_(network.height * network.width),
      values_each_(network.channels * pixels_) {
  for (const std::string& file : settings.images) own_.push_back(from_file(file, network));
  origin_ = "profile.images";
  if (network.origin == Origin::kTrial) use_trial(network, wanted_images(settings));
  if (!own_.empty() || !from_cache_.empty()) return;
  origin_ = "made up";
  for (std::int64_t i = 0; i < wanted_images(settings); ++i)
    own_.push_back(made_up_image(network, settings.seed, static_cast<std::uint64_t>(i)));
}

/// Where the decode cache was deleted there is nothing to use.
void NetworkImages::use_trial(const Network& network, std::int64_t wanted) {
  const core::TrialSpec spec = core::read_trial_spec(network.trial / core::kTrialFile);
  const std::filesystem::path place = (network.trial / spec.cache).lexically_normal();
  if (!std::filesystem::exists(place / core::kCacheManifestFile)) return;
  core::DecodeCache cache(place);
  const auto& [train, selection, test] = spec.splits;
  const bool has_selection = !selection.empty();
  const std::vector<std::int64_t>& seen = has_selection ? selection : !test.empty() ? test : train;
  const core::CacheManifest& manifest = cache.manifest();
  const bool fits = manifest.height == network.height && manifest.width == network.width;
  if (own_.empty()) {
    origin_ = has_selection ? "the selection split" : !test.empty() ? "the test split" : "the train split";
    if (fits) from_cache_ = seen;
    for (std::int64_t i = 0; !fits && i < std::min<std::int64_t>(wanted, std::ssize(seen)); ++i)
      own_.push_back(resized(cached_image(cache, seen[static_cast<std::size_t>(i)]), network));
  }
  if (!fits) return;
  scored_ = test.empty() ? selection : test;
  scored_split_ = test.empty() ? "selection" : "test";
  background_ = spec.variant.data.background;
  const core::EvaluationConfig& evaluation = spec.variant.evaluation;
  is_scored_by_logits_ = !evaluation.threshold && !evaluation.search_threshold &&
                         evaluation.test_time_augmentation.empty() && evaluation.refine.empty();
  cache_.emplace(std::move(cache));
}

std::int64_t NetworkImages::size() const {
  return from_cache_.empty() ? std::ssize(own_) : std::ssize(from_cache_);
}

const std::uint8_t* NetworkImages::samples(std::int64_t i) const {
  const auto at = static_cast<std::size_t>(i % size());
  return from_cache_.empty() ? own_[at].data() : cache_->image(from_cache_[at]).data();
}

void NetworkImages::read(std::int64_t first, std::int64_t count, float* values) const {
  for (std::int64_t i = 0; i < count; ++i)
    normaliser_.write(samples(first + i), pixels_, /*interleaved=*/false, values + i * values_each_);
}

void NetworkImages::read_sample(std::int64_t index, float* values) const {
  normaliser_.write(cache_->image(index).data(), pixels_, /*interleaved=*/false, values);
}

std::vector<float> NetworkImages::batch(std::int64_t count) const {
  std::vector<float> values(static_cast<std::size_t>(count * values_each_));
  read(0, count, values.data());
  return values;
}

std::vector<float> NetworkImages::spread(std::int64_t count) const {
  count = std::min(count, size());
  std::vector<float> values(static_cast<std::size_t>(count * values_each_));
  for (std::int64_t i = 0; i < count; ++i) read(i * size() / count, 1, values.data() + i * values_each_);
  return values;
}

}  // namespace segbench::profile
