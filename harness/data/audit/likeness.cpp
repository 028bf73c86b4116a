// SPDX-License-Identifier: MIT
#include "harness/data/audit/likeness.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>

namespace segbench::data {
namespace {

constexpr std::int64_t kFields = 32;  // of edges and borders
constexpr int kMostBits = 4;          // by which hashes of one picture differ
constexpr double kLeastContrast = 6, kMostMeanDifference = 1.5;
constexpr double kMostFieldDifference = 8, kMostGain = 1.5;
constexpr std::size_t kFewestSamples = 8, kStrangers = 24, kMostSuspects = 300;
constexpr std::size_t kMostTwins = 10'000;

/// Means of `values` [height, width] over rows x columns fields of nearly equal size.
std::vector<float> means(const std::vector<std::uint8_t>& values, std::int64_t height, std::int64_t width,
                         std::int64_t rows, std::int64_t columns) {
  std::vector<float> fields(static_cast<std::size_t>(rows * columns));
  for (std::int64_t r = 0; r < rows; ++r) {
    const std::int64_t top = r * height / rows, bottom = std::max(top + 1, (r + 1) * height / rows);
    for (std::int64_t c = 0; c < columns; ++c) {
      const std::int64_t left = c * width / columns, right = std::max(left + 1, (c + 1) * width / columns);
      std::uint64_t sum = 0;
      for (std::int64_t y = top; y < bottom; ++y) {
        for (std::int64_t x = left; x < right; ++x) sum += values[static_cast<std::size_t>(y * width + x)];
      }
      fields[static_cast<std::size_t>(r * columns + c)] =
          static_cast<float>(sum) / static_cast<float>((bottom - top) * (right - left));
    }
  }
  return fields;
}

/// Blurred a little, so that a border a field beside an edge still meets it; then mean 0 and norm 1. Empty
/// when there is nothing but one value.
std::vector<float> normalised(const std::vector<float>& fields) {
  std::vector<float> blurred(fields.size());
  for (std::int64_t y = 0; y < kFields; ++y) {
    for (std::int64_t x = 0; x < kFields; ++x) {
      float sum = 0, weights = 0;
      for (std::int64_t v = std::max<std::int64_t>(y - 1, 0); v <= std::min(y + 1, kFields - 1); ++v) {
        for (std::int64_t u = std::max<std::int64_t>(x - 1, 0); u <= std::min(x + 1, kFields - 1); ++u) {
          const float weight = (v == y ? 2.0F : 1.0F) * (u == x ? 2.0F : 1.0F);
          sum += weight * fields[static_cast<std::size_t>(v * kFields + u)];
          weights += weight;
        }
      }
      blurred[static_cast<std::size_t>(y * kFields + x)] = sum / weights;
    }
  }
  const float mean =
      std::accumulate(blurred.begin(), blurred.end(), 0.0F) / static_cast<float>(blurred.size());
  float norm = 0;
  for (float& value : blurred) value -= mean, norm += value * value;
  if (norm < 1e-6F) return {};
  for (float& value : blurred) value /= std::sqrt(norm);
  return blurred;
}

/// Strength of the edges, its square root so that a few strong ones do not outweigh the rest.
std::vector<float> edges_of(const std::vector<std::uint8_t>& grey, std::int64_t height, std::int64_t width) {
  const std::int64_t rows = 2 * kFields, columns = 2 * kFields;
  const std::vector<float> small = means(grey, height, width, rows, columns);
  std::vector<float> fields(static_cast<std::size_t>(kFields * kFields));
  const auto at = [&](std::int64_t y, std::int64_t x) {
    return small[static_cast<std::size_t>(std::clamp<std::int64_t>(y, 0, rows - 1) * columns +
                                          std::clamp<std::int64_t>(x, 0, columns - 1))];
  };
  for (std::int64_t y = 0; y < rows; ++y) {
    for (std::int64_t x = 0; x < columns; ++x) {
      const float dy = at(y + 1, x) - at(y - 1, x), dx = at(y, x + 1) - at(y, x - 1);
      fields[static_cast<std::size_t>(y / 2 * kFields + x / 2)] += std::sqrt(std::sqrt(dy * dy + dx * dx));
    }
  }
  return normalised(fields);
}

std::vector<float> borders_of(const LabelMap& map) {
  std::vector<std::uint8_t> border(map.labels.size());
  const auto at = [&](std::int64_t y, std::int64_t x) {
    return map.labels[static_cast<std::size_t>(y * map.width + x)];
  };
  for (std::int64_t y = 0; y < map.height; ++y) {
    for (std::int64_t x = 0; x < map.width; ++x) {
      const bool changes =
          (x + 1 < map.width && at(y, x) != at(y, x + 1)) || (y + 1 < map.height && at(y, x) != at(y + 1, x));
      border[static_cast<std::size_t>(y * map.width + x)] = changes ? 255 : 0;
    }
  }
  return normalised(means(border, map.height, map.width, kFields, kFields));
}

/// The difference hash: whether each of 8 x 9 fields is brighter than its neighbour.
std::uint64_t hash_of(const std::vector<std::uint8_t>& grey, std::int64_t height, std::int64_t width) {
  const std::vector<float> fields = means(grey, height, width, 8, 9);
  std::uint64_t hash = 0;
  for (std::size_t y = 0; y < 8; ++y) {
    for (std::size_t x = 0; x < 8; ++x)
      hash = hash << 1 | (fields[y * 9 + x] < fields[y * 9 + x + 1] ? 1U : 0U);
  }
  return hash;
}

/// The line y = gain x + offset through the means of two pictures with the least squares: another brightness
/// and contrast of the same picture.
struct Exposure {
  double gain = 1, offset = 0;
};

Exposure exposure_of(const Sketch& x, const Sketch& y) {
  const auto count = static_cast<double>(x.grey.size());
  double sum_x = 0, sum_y = 0, products = 0, squares = 0;
  for (std::size_t i = 0; i < x.grey.size(); ++i) {
    sum_x += x.grey[i], sum_y += y.grey[i];
    products += double{1} * x.grey[i] * y.grey[i], squares += double{1} * x.grey[i] * x.grey[i];
  }
  const double variance = squares - sum_x * sum_x / count;
  if (variance <= 0) return {};
  const double gain = (products - sum_x * sum_y / count) / variance;
  return {gain, (sum_y - gain * sum_x) / count};
}

bool nearly_equal(const Sketch& a, const Sketch& b) {
  if (std::popcount(a.hash ^ b.hash) > kMostBits) return false;
  const Exposure exposure = exposure_of(a, b);
  if (exposure.gain < 1 / kMostGain || exposure.gain > kMostGain) return false;
  double sum = 0, largest = 0;
  for (std::size_t i = 0; i < a.grey.size(); ++i) {
    const double difference = std::abs(exposure.gain * a.grey[i] + exposure.offset - b.grey[i]);
    sum += difference;
    largest = std::max(largest, difference);
  }
  return sum <= kMostMeanDifference * static_cast<double>(a.grey.size()) && largest <= kMostFieldDifference;
}

float product(const std::vector<float>& a, const std::vector<float>& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0F);
}

float quantile(std::vector<float> values, double share) {
  const auto place =
      values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), place, values.end());
  return *place;
}

}  // namespace

std::vector<std::uint8_t> grey_sketch(const Image& image) {
  return grey_view(image).pixels;
}

Sketch sketch_of(const Image& image, const LabelMap& labels) {
  Sketch sketch;
  sketch.height = image.height, sketch.width = image.width;
  const std::vector<std::uint8_t> grey = grey_sketch(image);
  const std::vector<float> fields = means(grey, image.height, image.width, 16, 16);
  double sum = 0, squares = 0;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    sketch.grey[i] = static_cast<std::uint8_t>(std::lround(fields[i]));
    sum += fields[i], squares += static_cast<double>(fields[i]) * fields[i];
  }
  const double mean = sum / static_cast<double>(fields.size());
  sketch.contrast = std::sqrt(std::max(0.0, squares / static_cast<double>(fields.size()) - mean * mean));
  sketch.hash = hash_of(grey, image.height, image.width);
  sketch.edges = edges_of(grey, image.height, image.width);
  sketch.borders = borders_of(labels);
  return sketch;
}

std::vector<NearTwins> find_near_twins(const std::vector<Sketch>& sketches) {
  // Hashes that differ in at most four bits agree in one of five groups of bits.
  constexpr std::array<int, 6> kGroups = {0, 13, 26, 39, 52, 64};
  std::vector<NearTwins> twins;
  std::map<std::pair<int, std::uint64_t>, std::vector<std::size_t>> buckets;
  for (std::size_t i = 0; i < sketches.size() && twins.size() < kMostTwins; ++i) {
    const Sketch& sketch = sketches[i];
    if (sketch.height == 0 || sketch.contrast < kLeastContrast) continue;
    std::vector<std::size_t> met;
    for (int group = 0; group < 5; ++group) {
      const int first = kGroups[static_cast<std::size_t>(group)],
                end = kGroups[static_cast<std::size_t>(group) + 1];
      const std::uint64_t bits = sketch.hash >> first & ((std::uint64_t{1} << (end - first)) - 1);
      std::vector<std::size_t>& bucket = buckets[{group, bits}];
      met.insert(met.end(), bucket.begin(), bucket.end());
      bucket.push_back(i);
    }
    std::sort(met.begin(), met.end());
    met.erase(std::unique(met.begin(), met.end()), met.end());
    for (const std::size_t other : met) {
      if (sketches[other].image_sha256 != sketch.image_sha256 && nearly_equal(sketches[other], sketch))
        twins.push_back({other, i});
    }
  }
  return twins;
}

MisfitSearch find_misfits(const std::vector<Sketch>& sketches) {
  std::map<std::pair<std::int64_t, std::int64_t>, std::vector<std::size_t>> by_size;
  for (std::size_t i = 0; i < sketches.size(); ++i) {
    if (!sketches[i].edges.empty() && !sketches[i].borders.empty())
      by_size[{sketches[i].height, sketches[i].width}].push_back(i);
  }
  MisfitSearch search;
  std::vector<float> own_fits, strange_fits, own(sketches.size());
  for (const auto& [size, samples] : by_size) {
    if (samples.size() < kFewestSamples) continue;
    for (std::size_t k = 0; k < samples.size(); ++k) {
      const Sketch& sketch = sketches[samples[k]];
      own[samples[k]] = product(sketch.edges, sketch.borders);
      own_fits.push_back(own[samples[k]]);
      const std::size_t step = std::max<std::size_t>(1, samples.size() / kStrangers);
      for (std::size_t other = k + step; other < samples.size() + k; other += step)
        strange_fits.push_back(product(sketch.edges, sketches[samples[other % samples.size()]].borders));
    }
  }
  if (own_fits.empty() || strange_fits.empty()) return search;
  // Most masks must fit their own images better than nearly all strange masks do.
  const float typical = quantile(own_fits, 0.5), strange = quantile(strange_fits, 0.95);
  search.possible = typical > strange;
  if (!search.possible) return search;
  const float usual_low = quantile(strange_fits, 0.8), unrelated = quantile(strange_fits, 0.5),
              very_well = quantile(own_fits, 0.9);
  for (const auto& [size, samples] : by_size) {
    if (samples.size() < kFewestSamples) continue;
    std::vector<std::size_t> suspects;
    for (const std::size_t sample : samples) {
      if (own[sample] < usual_low && suspects.size() < kMostSuspects) suspects.push_back(sample);
    }
    const auto best_for = [&](std::size_t sample) {
      std::pair<float, std::size_t> best{-2, sample};
      for (const std::size_t other : samples) {
        if (other != sample)
          best = std::max(best, {product(sketches[other].edges, sketches[sample].borders), other});
      }
      return best;
    };
    std::map<std::size_t, std::pair<float, std::size_t>> best;
    for (const std::size_t sample : suspects) best[sample] = best_for(sample);
    for (const auto& [sample, fit] : best) {
      const auto back = best.find(fit.second);
      const bool swapped = back != best.end() && back->second.second == sample;
      // Two that want each other need a clear gain. One alone, of which a search among many will always find
      // some by chance, must not fit its own image at all and another one better than most masks fit theirs.
      const float gain = fit.first - own[sample];
      const bool clear = swapped ? gain > (typical - strange) / 2 && fit.first > strange
                                 : own[sample] < unrelated && fit.first > very_well;
      if (!clear) continue;
      if (swapped && sample > fit.second) continue;  // told once
      search.misfits.push_back({sample, fit.second, swapped});
    }
  }
  return search;
}

}  // namespace segbench::data
