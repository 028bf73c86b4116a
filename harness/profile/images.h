// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/core/decode_cache.h"
#include "harness/core/sample_normaliser.h"
#include "harness/profile/network.h"

namespace segbench::profile {

/// The images that a network is asked about, prepared as training would: the files of profile.images; else of
/// a trial the images of its selection split (of the others where it is empty), mapped from the decode cache;
/// else made-up scenes of coloured blobs on a gradient with noise.
class NetworkImages {
 public:
  /// Throws core::UserError naming a file that cannot be read.
  NetworkImages(const Network& network, const study::ProfileSettings& settings);

  /// "profile.images", "the selection split", "made up".
  const std::string& origin() const { return origin_; }
  /// Different ones; beyond them they come again.
  std::int64_t size() const;
  /// `count` images from the `first` one on, float32 [count, channels, height, width], normalised.
  void read(std::int64_t first, std::int64_t count, float* values) const;
  std::vector<float> batch(std::int64_t count) const;
  /// As many, evenly spread over all of them.
  std::vector<float> spread(std::int64_t count) const;

  /// Of a trial at its own resolution: its data, for engines to be scored on. Null otherwise.
  const core::DecodeCache* cache() const { return cache_ ? &*cache_ : nullptr; }
  /// Samples of its test split (selection where that is empty), and the name of that split.
  const std::vector<std::int64_t>& scored() const { return scored_; }
  const std::string& scored_split() const { return scored_split_; }
  /// Whether the trial's evaluation takes the class of the largest logit: it has no threshold, averages no
  /// flips and refines nothing.
  bool is_scored_by_logits() const { return is_scored_by_logits_; }
  /// Image `index` of the cache, normalised, [channels, height, width].
  void read_sample(std::int64_t index, float* values) const;
  std::int64_t values_each() const { return values_each_; }
  const core::Background& background() const { return background_; }

 private:
  using Samples = std::vector<std::uint8_t>;  ///< as in the decode cache: [height, width, channels]
  const std::uint8_t* samples(std::int64_t i) const;
  void use_trial(const Network& network, std::int64_t wanted);

  core::SampleNormaliser normaliser_;
  std::int64_t pixels_, values_each_;
  std::string origin_, scored_split_;
  bool is_scored_by_logits_ = true;
  std::vector<Samples> own_;
  std::optional<core::DecodeCache> cache_;
  std::vector<std::int64_t> from_cache_, scored_;  ///< indices
  core::Background background_;
};

}  // namespace segbench::profile
