// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "harness/augmentations/effects/affine.h"
#include "harness/augmentations/effects/elastic.h"

// What can be done to a sample: parts (one a file above) draw the numbers, one implementation on bytes
// (sample.h) and one on tensors (torch/batch.h) applies them. Values v of an image run from 0 (black) to 1
// (white) of its core::PixelRange, and every effect ends by clamping to that.

namespace segbench::augmentations {

/// v becomes (pivot + gain (v - pivot)) to the power of `exponent`, in every channel.
struct Tone {
  double gain = 1, exponent = 1;
  bool about_mean = false;  ///< pivot: the mean luminance of the image (luminance_weight()), else 0
};

/// (red, green, blue) becomes its product with a matrix, row by row. For images of three channels.
struct ColourMatrix {
  std::array<double, 9> rows{1, 0, 0, 0, 1, 0, 0, 0, 1};
};

/// Convolution with a Gaussian of `deviation` pixels, cut off at ceil(3 deviation) and made to sum to 1; the
/// image goes on as its edge pixels.
struct Blur {
  double deviation = 0;
};

/// Adds to every value a number of mean 0 and this deviation that depends on key, pixel and channel alone
/// (noise_at()).
struct Noise {
  double deviation = 0;
  std::uint64_t key = 0;
};

/// A rectangle of pixels.
struct Rectangle {
  std::int64_t top = 0, left = 0, height = 0, width = 0;
};
/// Rectangles become one value in every channel and, where `erases_labels`, void in the mask.
struct Erase {
  std::vector<Rectangle> rectangles;
  double value = 0;
  bool erases_labels = false;
};

/// Parts of another sample that are pasted into this one, image and mask (mix.h).
struct Mix {
  std::uint64_t partner = 0;                ///< which other sample, a random number: partner_of()
  std::optional<Rectangle> rectangle = {};  ///< what is pasted; empty: half of the classes that it shows
  std::uint64_t key = 0;                    ///< which classes
};

/// Places to look at, of which one is chosen by the labels that are seen there (balance.h).
struct Views {
  std::vector<Affine> maps;
};

using ValueEffect = std::variant<Tone, ColourMatrix, Blur, Noise, Erase>;
using Effect = std::variant<Affine, Views, Elastic, Mix, ValueEffect>;

/// All that happens to a sample: first other samples are pasted in, in turn; then its geometry, composed of
/// all geometric effects and sampled once; then the effects on its values, in turn.
struct Drawn {
  Affine geometry = {};
  std::vector<ValueEffect> values = {};
  std::vector<Elastic> elastic = {};  ///< their displacements add up
  std::vector<Mix> mixes = {};        ///< done by whoever has the other samples, before apply()
  std::vector<Affine> views = {};     ///< not empty: the geometry is one of them, chosen before apply()

  bool changes_nothing() const { return !moves() && values.empty() && mixes.empty() && views.empty(); }
  /// Whether pixels are read elsewhere than where they lie.
  bool moves() const { return geometry != Affine{} || !elastic.empty(); }
  /// Whether nothing is left to apply() but flips, which copying can do on the way.
  bool only_flips() const { return values.empty() && elastic.empty() && is_flip(geometry); }
};

/// What channel c of `channels` counts in the luminance: 0.299, 0.587, 0.114 of red, green, blue (ITU-R
/// BT.601); all the same in images of another number of channels.
double luminance_weight(std::int64_t channel, std::int64_t channels);

/// Weights of a Blur from -r to r, r = size / 2.
std::vector<float> blur_weights(const Blur& blur);

/// Nearly normal numbers of mean 0 and deviation 1, for values counted from 0: (u0 + u1 + u2 + u3 - 2 (2^16 -
/// 1)) / deviation of that sum, u the 16-bit halves of mix(mix(2 i + k) ^ key_k), k = 0, 1, key_k the halves
/// of the key. Integer arithmetic, so that every device has the same.
float noise_at(std::uint64_t key, std::uint32_t i);
/// The deviation of the sum of four uniform 16-bit numbers: sqrt(4 (2^32 - 1) / 12).
inline constexpr double kNoiseSumDeviation = 37837.227;
/// A bijection of 32-bit numbers whose output bits look independent of its input (Chris Wellons, "Prospecting
/// for hash functions", lowbias32).
constexpr std::uint32_t mix(std::uint32_t x) {
  x ^= x >> 16;
  x *= 0x7feb352dU;
  x ^= x >> 15;
  x *= 0x846ca68bU;
  return x ^ x >> 16;
}

}  // namespace segbench::augmentations
