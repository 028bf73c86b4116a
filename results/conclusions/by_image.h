// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "results/conclusions/conclusions.h"

// What stored counts say of single images: on which ones two variants differ, and which ones no variant can
// do.

namespace segbench::conclusions {

/// One image, scored by two variants.
struct ImageDifference {
  std::int64_t index = 0;  ///< in the decode cache
  std::string id;
  double candidate = 0, reference = 0;  ///< its score by each, mean over the common seeds
  double difference = 0;                ///< candidate minus reference
};

/// Two variants on every image of the scored split, over the seeds that both have.
struct ImageComparison {
  std::string candidate, reference;  ///< variant ids
  std::vector<std::string> trials;
  std::size_t better = 0, worse = 0;   ///< images on which the candidate is so
  std::size_t undefined = 0;           ///< images that the metric gives no score, left out
  std::vector<ImageDifference> lines;  ///< the most in favour of the candidate first
};

/// The leader and the runner-up, then the pairs of the claims and the variants of published numbers with
/// those that may explain them; each once, at most kMostComparisons. A pair without common images is left
/// out.
std::vector<ImageComparison> compare_images(const StudyInputs& inputs, const Conclusions& model);
inline constexpr std::size_t kMostComparisons = 8;

/// An image with the best score that any variant reaches on it.
struct HardImage {
  std::int64_t index = 0;
  std::string id;
  double best = 0, mean = 0;  ///< over the variants, each by its median trial (Entry::shown_trial)
  std::string best_variant;
};

struct HardImages {
  std::vector<std::string> trials;
  std::size_t images = 0;  ///< that every one of these trials has a score of
  std::vector<HardImage>
      lines;  ///< those with the lowest best score, lowest first: a quarter, at most kMostHard
};

inline constexpr std::size_t kMostHard = 12;
/// Variants that are asked, from the top of the leaderboard: reading the images of hundreds would take long.
inline constexpr std::size_t kMostAsked = 24;

/// Of all variants that are scored on the same images; nothing where they are not.
HardImages hard_images(const StudyInputs& inputs, const Conclusions& model);

/// The key of the score that single images get: the report's metric, or where that is none of counts the
/// default one.
std::string image_metric(const Conclusions& model);

}  // namespace segbench::conclusions
