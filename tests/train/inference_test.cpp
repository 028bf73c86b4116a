// SPDX-License-Identifier: MIT
#include "harness/train/inference.h"

#include <gtest/gtest.h>

#include "harness/train/runtime_settings.h"
#include "harness/train/setup.h"
#include "tests/train/tiny_trial.h"

namespace segbench::train {
namespace {

using torch::Tensor;

/// Networks of two seeds and images for them.
class Inferring : public testing::Test {
 protected:
  Inferring() {
    torch::manual_seed(3);
    images_ = torch::rand({2, 3, 32, 40});
    for (const std::uint64_t seed : {1, 2}) {
      const std::string name = "seed" + std::to_string(seed);
      networks_.push_back(build_trial(trials_.spec(tests::tiny_variant(), seed),
                                      trials_.add(name, tests::tiny_variant(), seed), torch::kCPU,
                                      memory_format_on(torch::kCPU))
                              ->network);
      networks_.back()->eval();
    }
  }

  Tensor probabilities(const Networks& networks, const core::EvaluationConfig& config, const Tensor& images) {
    const torch::NoGradGuard no_grad;
    return infer(networks, make_inference(config), images,
                 [](std::int64_t) -> refinements::Scene {
                   return {32, 40, 1, std::vector<std::uint8_t>(32 * 40, 7)};
                 })
        .probabilities();
  }

  tests::TinyTrials trials_;
  Networks networks_;
  Tensor images_;
};

TEST_F(Inferring, OneViewOfOneNetworkIsItsOwnAnswer) {
  const torch::NoGradGuard no_grad;
  const Tensor logits = networks_[0]->forward(images_);
  EXPECT_TRUE(infer({networks_[0]}, {}, images_, {}).logits().equal(logits));
}

TEST_F(Inferring, FlippedViewsAreAveragedWhereTheyBelong) {
  const core::EvaluationConfig both{.test_time_augmentation = {"horizontal_flip", "vertical_flip"}};
  const Tensor found = probabilities({networks_[0]}, both, images_);
  Tensor sum = torch::zeros_like(found);
  for (const std::vector<std::int64_t>& axes : std::vector<std::vector<std::int64_t>>{{}, {3}, {2}, {2, 3}})
    sum += probabilities({networks_[0]}, {}, images_.flip(axes)).flip(axes);
  EXPECT_TRUE(found.allclose(sum / 4, 1e-5, 1e-6));
  EXPECT_FALSE(found.allclose(probabilities({networks_[0]}, {}, images_), 1e-5, 1e-6));
  // A network that is asked this way has no side: flipped images give flipped answers.
  EXPECT_TRUE(found.flip({3}).allclose(probabilities({networks_[0]}, both, images_.flip({3})), 1e-5, 1e-6));
}

TEST_F(Inferring, AnEnsembleIsTheMeanOfItsMembersProbabilities) {
  const Tensor found = probabilities(networks_, {}, images_);
  const Tensor mean =
      (probabilities({networks_[0]}, {}, images_) + probabilities({networks_[1]}, {}, images_)) / 2;
  EXPECT_TRUE(found.allclose(mean, 1e-6, 1e-7));
}

TEST_F(Inferring, RefinementsSeeTheMean) {
  const core::PartChoice nothing{
      "dense_crf",
      core::with_defaults(core::PartRegistry::instance().get(core::PartKind::kRefinement, "dense_crf"),
                          {{"appearance_weight", 0}, {"smoothness_weight", 0}})};
  EXPECT_TRUE(probabilities(networks_, {.refine = {nothing}}, images_)
                  .allclose(probabilities(networks_, {}, images_), 1e-4, 1e-5));
  core::PartChoice smooth = nothing;
  smooth.params["smoothness_weight"] = 5;
  EXPECT_FALSE(probabilities(networks_, {.refine = {smooth}}, images_)
                   .allclose(probabilities(networks_, {}, images_), 1e-3, 1e-4));
}

}  // namespace
}  // namespace segbench::train
