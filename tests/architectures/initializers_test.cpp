// SPDX-License-Identifier: MIT
#include "architectures/graph/initializers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "harness/core/hash.h"

namespace segbench::architectures {
namespace {

std::vector<float> filled(Init init, std::string_view name = "conv.weight", std::uint64_t seed = 1) {
  const TensorSpec spec{"weight", {200, 50, 5, 5}, init, 1250, 5000};
  std::vector<float> values(static_cast<std::size_t>(spec.numel()));
  initialise(spec, name, seed, values);
  return values;
}

struct Moments {
  double mean = 0, deviation = 0, largest = 0, kurtosis = 0;
};

Moments moments(const std::vector<float>& values) {
  Moments m;
  const auto n = static_cast<double>(values.size());
  for (const float v : values) m.mean += v / n;
  double second = 0, fourth = 0;
  for (const float v : values) {
    const double d = v - m.mean;
    second += d * d / n, fourth += d * d * d * d / n;
    m.largest = std::max(m.largest, std::abs(static_cast<double>(v)));
  }
  m.deviation = std::sqrt(second);
  m.kurtosis = fourth / (second * second);
  return m;
}

TEST(Initialise, GlorotIsUniformWithinItsLimit) {
  const double limit = std::sqrt(6.0 / 6250);
  const Moments m = moments(filled(Init::kGlorotUniform));
  EXPECT_NEAR(m.mean, 0, 2e-4);
  EXPECT_NEAR(m.deviation, limit / std::sqrt(3.0), 1e-3 * limit);
  EXPECT_NEAR(m.kurtosis, 1.8, 0.01);
  EXPECT_LE(m.largest, limit);
  EXPECT_GT(m.largest, 0.999 * limit);
}

// A normal cut off at two deviations has 0.7737 times the variance and a kurtosis of 2.3654 (closed forms
// with phi(2) and Phi(2)).
TEST(Initialise, HeIsACutNormalOfTheWantedDeviation) {
  const double wanted = std::sqrt(2.0 / 1250);
  const Moments m = moments(filled(Init::kHeNormal));
  EXPECT_NEAR(m.mean, 0, 0.01 * wanted);
  EXPECT_NEAR(m.deviation, wanted, 0.003 * wanted);
  EXPECT_NEAR(m.kurtosis, 2.3654, 0.02);
  EXPECT_LE(m.largest, 2 * wanted / 0.87962566103423978 * 1.0000001);
  EXPECT_GT(m.largest, 1.99 * wanted / 0.87962566103423978);
}

TEST(Initialise, HeByFanOutIsANormal) {
  const double wanted = std::sqrt(2.0 / 5000);
  const Moments m = moments(filled(Init::kHeNormalFanOut));
  EXPECT_NEAR(m.mean, 0, 0.01 * wanted);
  EXPECT_NEAR(m.deviation, wanted, 0.003 * wanted);
  EXPECT_NEAR(m.kurtosis, 3, 0.05);
  // The largest of 250,000 normals lies between 4 and 6 deviations but for one case in a thousand.
  EXPECT_GT(m.largest, 4 * wanted);
  EXPECT_LT(m.largest, 6 * wanted);
  EXPECT_NEAR(moments(filled(Init::kNormal002)).deviation, 0.02, 6e-5);
}

// Shares within so many deviations, from the normal distribution function.
TEST(Initialise, NormalsAreNormalInTheirTailsToo) {
  const std::vector<float> values = filled(Init::kNormal002);
  const auto share_within = [&](double deviations) {
    const auto inside =
        std::count_if(values.begin(), values.end(), [&](float v) { return std::abs(v) < 0.02 * deviations; });
    return static_cast<double>(inside) / static_cast<double>(values.size());
  };
  for (const double z : {0.5, 1.0, 2.0, 3.0}) {
    const double expected = std::erf(z / std::sqrt(2.0));
    const double error = std::sqrt(expected * (1 - expected) / static_cast<double>(values.size()));
    EXPECT_NEAR(share_within(z), expected, 4 * error) << z;
  }
}

TEST(Initialise, PyTorchsUniformStaysWithinItsFanIn) {
  const double limit = std::sqrt(1.0 / 1250);
  const Moments m = moments(filled(Init::kTorchUniform));
  EXPECT_NEAR(m.deviation, limit / std::sqrt(3.0), 1e-3 * limit);
  EXPECT_LE(m.largest, limit);
  EXPECT_GT(m.largest, 0.999 * limit);
}

TEST(Initialise, ConstantsAreConstant) {
  for (const float v : filled(Init::kOnes)) ASSERT_EQ(v, 1.0F);
  for (const float v : filled(Init::kZeros)) ASSERT_EQ(v, 0.0F);
}

TEST(Initialise, DependsOnSeedAndNameAlone) {
  EXPECT_EQ(filled(Init::kHeNormal), filled(Init::kHeNormal));
  EXPECT_NE(filled(Init::kHeNormal), filled(Init::kHeNormal, "other.weight"));
  EXPECT_NE(filled(Init::kHeNormal), filled(Init::kHeNormal, "conv.weight", 2));
}

// The values are a promise: stored trials of one seed must stay comparable with new ones.
TEST(Initialise, GivesTheSameBitsOnEveryMachine) {
  const auto digest = [](Init init) {
    const std::vector<float> values = filled(init);
    core::Sha256 hash;
    hash.update(std::as_bytes(std::span(values)));
    return hash.hex_digest();
  };
  EXPECT_EQ(digest(Init::kGlorotUniform), "7488fb2036f8b441817de59d860a75de00256c6aa5bc65d616c1f70a0151630d");
  EXPECT_EQ(digest(Init::kHeNormal), "d5463ee7dc0649115ced967a9f5cce2696673b0276758d2b4b42ea940e03359f");
  EXPECT_EQ(digest(Init::kHeNormalFanOut),
            "67b917e638b7056a539cfed10ddee8abf9710e07586ea105c9d34c26b7460f20");
  EXPECT_EQ(digest(Init::kTorchUniform), "0b2f6103d323c8bed7d26ebbe195976c351db6894b3b2383a7cfb2b57e58591c");
}

}  // namespace
}  // namespace segbench::architectures
