// SPDX-License-Identifier: MIT
#include "harness/metrics/class_weights.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "harness/core/error.h"
#include "harness/core/text.h"

namespace segbench::metrics {
namespace {

struct Totals {
  std::vector<double> pixels;         ///< of each class, over all images
  std::vector<double> beside_pixels;  ///< of all classes, over the images that contain the class
  std::vector<double> images;         ///< that contain the class
  double sum = 0;
  double present = 0;  ///< classes with at least one pixel
};

Totals totals_of(std::span<const std::vector<std::int64_t>> image_pixels, int num_classes) {
  const auto classes = static_cast<std::size_t>(num_classes);
  std::vector<std::int64_t> pixels(classes), beside(classes), images(classes);
  for (const std::vector<std::int64_t>& image : image_pixels) {
    SEGBENCH_CHECK(image.size() >= classes, "{} counts for {} classes", image.size(), classes);
    std::int64_t valid = 0;
    for (std::size_t c = 0; c < classes; ++c) valid += image[c];
    for (std::size_t c = 0; c < classes; ++c) {
      pixels[c] += image[c];
      if (image[c] == 0) continue;
      beside[c] += valid;
      ++images[c];
    }
  }
  Totals totals{
      {pixels.begin(), pixels.end()}, {beside.begin(), beside.end()}, {images.begin(), images.end()}};
  for (const double n : totals.pixels) {
    totals.sum += n;
    totals.present += n > 0 ? 1 : 0;
  }
  return totals;
}

/// Mean of the two middle values when their number is even.
double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

/// Pixels of a class as a share of the images that contain it.
std::vector<double> frequencies_where_present(const Totals& totals) {
  std::vector<double> frequencies;
  for (std::size_t c = 0; c < totals.pixels.size(); ++c) {
    if (totals.pixels[c] > 0) frequencies.push_back(totals.pixels[c] / totals.beside_pixels[c]);
  }
  return frequencies;
}

/// Images of a class overlap in what they show: its m-th one adds b^(m - 1) to its effective number.
double inverse_effective_number(double images) {
  constexpr double kBeta = 0.999;
  return (1 - kBeta) / -std::expm1(images * std::log(kBeta));
}

constexpr std::array<WeightConvention, 6> kWeightConventions = {{
    {"inverse_frequency", "N / (number of present classes * n_c)",
     "scikit-learn, compute_class_weight(class_weight=\"balanced\")"},
    {"balanced_all_classes", "N / (C * n_c)", "the same, absent classes counted too"},
    {"median_frequency", "median(g) / g_c with g_c = n_c / pixels of the images that contain c",
     "Eigen and Fergus, ICCV 2015; SegNet"},
    {"enet", "1 / ln(1.02 + f_c)", "Paszke et al., ENet, 2016"},
    {"neg_log_frequency", "-ln f_c", "information content of a class; what the VOC course study used"},
    {"effective_number",
     "(1 - b) / (1 - b^m_c) with b = 0.999 and m_c training images that contain c, scaled to a mean of 1",
     "Cui et al., CVPR 2019"},
}};

}  // namespace

std::span<const WeightConvention> weight_conventions() {
  return kWeightConventions;
}

std::vector<std::string> weight_convention_names() {
  std::vector<std::string> names;
  for (const WeightConvention& convention : kWeightConventions) names.emplace_back(convention.name);
  return names;
}

std::vector<std::optional<double>> class_weights(std::string_view convention,
                                                 std::span<const std::vector<std::int64_t>> image_pixels,
                                                 int num_classes) {
  const std::vector<std::string> names = weight_convention_names();
  if (std::find(names.begin(), names.end(), convention) == names.end()) {
    throw core::UserError(fmt::format("unknown class_weights \"{}\"; known: {}{}", convention,
                                      fmt::join(names, ", "), core::did_you_mean(convention, names)));
  }
  const Totals totals = totals_of(image_pixels, num_classes);
  std::vector<std::optional<double>> weights(static_cast<std::size_t>(num_classes));
  if (totals.sum == 0) return weights;
  double effective_sum = 0;
  for (const double images : totals.images) {
    if (images > 0) effective_sum += inverse_effective_number(images);
  }
  const double median_frequency = median(frequencies_where_present(totals));
  for (std::size_t c = 0; c < weights.size(); ++c) {
    const double n = totals.pixels[c];
    const double frequency = n / totals.sum;
    if (convention == "enet") {
      weights[c] = 1 / std::log(1.02 + frequency);
    } else if (n == 0) {
      continue;
    } else if (convention == "inverse_frequency") {
      weights[c] = totals.sum / (totals.present * n);
    } else if (convention == "balanced_all_classes") {
      weights[c] = totals.sum / (num_classes * n);
    } else if (convention == "median_frequency") {
      weights[c] = median_frequency / (n / totals.beside_pixels[c]);
    } else if (convention == "neg_log_frequency") {
      weights[c] = -std::log(frequency);
    } else {
      weights[c] = totals.present * inverse_effective_number(totals.images[c]) / effective_sum;
    }
  }
  return weights;
}

}  // namespace segbench::metrics
