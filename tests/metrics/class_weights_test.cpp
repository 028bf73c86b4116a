// SPDX-License-Identifier: MIT
#include "harness/metrics/class_weights.h"

#include <gmock/gmock.h>

#include "harness/core/error.h"
#include "tests/metrics/numbers.h"

namespace segbench::tests {
namespace {

using metrics::class_weights;
using Pixels = std::vector<std::vector<std::int64_t>>;

TEST(ClassWeights, EqualTheOracles) {
  SEGBENCH_NEEDS_ORACLES();
  const std::vector<OracleCase> cases = oracle_cases("class_weights");
  ASSERT_FALSE(cases.empty());
  const std::vector<std::pair<std::string, std::string>> keys = {
      {"inverse_frequency", "balanced_present_classes_sklearn"},
      {"balanced_all_classes", "balanced_all_classes"},
      {"median_frequency", "median_frequency"},
      {"enet", "enet_c1.02"},
      {"neg_log_frequency", "neg_log_frequency"}};
  for (const OracleCase& oracle : cases) {
    const int classes = oracle.json.at("num_classes");
    const Npy labels = read_npy(oracle.beside(oracle.json.at("labels")));
    const auto images = static_cast<std::size_t>(oracle.json.at("shape").at(0));
    const std::vector<std::uint8_t> bytes = labels.bytes();
    const std::size_t pixels = bytes.size() / images;
    Pixels counts;
    for (std::size_t i = 0; i < images; ++i) {
      counts.push_back(core::count_labels(std::span(bytes).subspan(i * pixels, pixels), classes));
    }
    for (const auto& [convention, key] : keys) {
      expect_numbers(oracle.json.at(key), class_weights(convention, counts, classes),
                     oracle.file.string() + " " + key);
    }
  }
}

TEST(ClassWeights, LeavesVoidPixelsOutAndAbsentClassesWithoutWeight) {
  const Pixels images = {{30, 10, 0, 1000}};
  EXPECT_EQ(class_weights("inverse_frequency", images, 3),
            (std::vector<std::optional<double>>{40.0 / 60.0, 2.0, std::nullopt}));
}

TEST(ClassWeights, EffectiveNumberCountsImagesThatOverlap) {
  // Class 0 is in three images, class 1 in one; class 2 nowhere. By hand: (1 - b) / (1 - b^3) and 1.
  const Pixels images = {{10, 0, 0}, {500, 5, 0}, {1, 0, 0}};
  const double of_0 = 1 / (1 + 0.999 + 0.999 * 0.999), of_1 = 1;
  const auto weights = class_weights("effective_number", images, 3);
  EXPECT_NEAR(weights[0].value(), 2 * of_0 / (of_0 + of_1), 1e-12);
  EXPECT_NEAR(weights[1].value(), 2 * of_1 / (of_0 + of_1), 1e-12);
  EXPECT_FALSE(weights[2]);
}

TEST(ClassWeights, AreUndefinedWithoutAnyPixel) {
  for (const std::string& convention : metrics::weight_convention_names()) {
    EXPECT_EQ(class_weights(convention, Pixels{{0, 0}}, 2), std::vector<std::optional<double>>(2))
        << convention;
    EXPECT_EQ(class_weights(convention, Pixels{}, 2), std::vector<std::optional<double>>(2)) << convention;
  }
}

TEST(ClassWeights, RefusesAnUnknownConventionAndNamesTheNearest) {
  try {
    class_weights("inverse_frequenzy", Pixels{{1, 1}}, 2);
    FAIL() << "accepted";
  } catch (const core::UserError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("did you mean \"inverse_frequency\""));
    EXPECT_THAT(error.what(), testing::HasSubstr("enet"));
  }
}

}  // namespace
}  // namespace segbench::tests
