// SPDX-License-Identifier: MIT
#include "harness/core/normalise.h"

#include <gtest/gtest.h>

#include "tests/support/npy.h"
#include "tests/support/oracles.h"

namespace segbench::core {
namespace {

using segbench::tests::Npy;
using segbench::tests::oracle_cases;
using segbench::tests::read_npy;

TEST(Normalisation, MatchesTheOracle) {
  SEGBENCH_NEEDS_ORACLES();
  int checked = 0;
  for (const auto& oracle : oracle_cases("normalisation")) {
    const Npy input = read_npy(oracle.beside(oracle.json.at("input_rgb_hwc")));
    for (const auto& [name, file] : oracle.json.at("outputs_hwc").items()) {
      const Npy expected = read_npy(oracle.beside(file));
      const Normalisation n = normalisation(name);
      ASSERT_EQ(input.size(), expected.size());
      for (std::size_t i = 0; i < expected.values.size(); ++i) {
        const std::size_t pixel = i - i % 3, c = i % 3;
        const double x = input.values[pixel + static_cast<std::size_t>(n.source[c])];
        ASSERT_NEAR(n.scale[c] * x + n.shift[c], expected.values[i], 1e-9) << name << " at " << i;
        ++checked;
      }
    }
  }
  EXPECT_GT(checked, 0);
}

TEST(Normalisation, OfGreyImagesUsesTheMeanOfTheThreeFormulas) {
  const Normalisation torch = normalisation("imagenet_torch", 1),
                      caffe = normalisation("imagenet_caffe_bgr", 1);
  EXPECT_NEAR(torch.scale[0] * 255 + torch.shift[0], (1 - 0.449) / 0.226, 1e-12);
  EXPECT_NEAR(caffe.shift[0], -(103.939 + 116.779 + 123.68) / 3, 1e-3);
  EXPECT_EQ(caffe.source[0], 0);
}

TEST(Normalisation, RefusesAnUnknownName) {
  EXPECT_THROW(normalisation("imagenet"), UserError);
}

}  // namespace
}  // namespace segbench::core
