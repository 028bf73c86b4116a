// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "harness/core/counts.h"
#include "harness/core/json.h"
#include "harness/metrics/image_scores.h"
#include "tests/support/npy.h"
#include "tests/support/oracles.h"

namespace segbench::tests {

/// null and std::nullopt agree; numbers agree within `tolerance`.
inline void expect_number(const core::Json& wanted, const std::optional<double>& found,
                          const std::string& where, double tolerance = 1e-12) {
  if (wanted.is_null() || !found) {
    EXPECT_TRUE(wanted.is_null() && !found)
        << where << ": wanted " << wanted << ", found " << (found ? std::to_string(*found) : "undefined");
  } else {
    EXPECT_NEAR(wanted.get<double>(), *found, tolerance) << where;
  }
}

template <typename Value>
void expect_numbers(const core::Json& wanted, const std::vector<Value>& found, const std::string& where,
                    double tolerance = 1e-12) {
  ASSERT_EQ(wanted.size(), found.size()) << where;
  for (std::size_t i = 0; i < found.size(); ++i) {
    expect_number(wanted[i], found[i], where + "[" + std::to_string(i) + "]", tolerance);
  }
}

/// The confusion matrix of every image of a label_maps case. Its ignore label becomes void.
inline std::vector<core::Confusion> image_confusions(const OracleCase& oracle) {
  std::vector<std::uint8_t> truth = read_npy(oracle.beside(oracle.json.at("gt"))).bytes();
  const std::vector<std::uint8_t> prediction = read_npy(oracle.beside(oracle.json.at("pred"))).bytes();
  if (const core::Json& ignored = oracle.json.at("ignore_label"); !ignored.is_null()) {
    std::replace(truth.begin(), truth.end(), ignored.get<std::uint8_t>(), core::kVoidLabel);
  }
  std::vector<core::Confusion> images;
  std::size_t begin = 0;
  for (const core::Json& shape : oracle.json.at("shapes")) {
    const std::size_t pixels = shape.at(0).get<std::size_t>() * shape.at(1).get<std::size_t>();
    images.push_back(core::count_pixels(std::span(truth).subspan(begin, pixels),
                                        std::span(prediction).subspan(begin, pixels),
                                        oracle.json.at("num_classes")));
    begin += pixels;
  }
  return images;
}

inline std::vector<metrics::ImageCounts> image_counts(const OracleCase& oracle) {
  std::vector<metrics::ImageCounts> images;
  for (const core::Confusion& image : image_confusions(oracle)) images.push_back(image.class_counts());
  return images;
}

}  // namespace segbench::tests
