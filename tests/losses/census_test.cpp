// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "harness/core/part.h"
#include "tests/losses/batches.h"
#include "tests/support/census.h"

// What a loss asks of a GPU: no operation that waits, and none that adds up in no order.

namespace segbench::losses {
namespace {

/// Every loss by tensor operations, as on a GPU, with what its head asks for; those that list losses have
/// some.
std::vector<core::PartChoice> every_loss() {
  std::vector<core::PartChoice> all;
  for (const core::PartSpec* spec : core::PartRegistry::instance().all(core::PartKind::kLoss)) {
    core::PartChoice choice{spec->name, core::Json::object()};
    for (const core::ParamSpec& param : spec->params) {
      if (param.types == core::kPartList)
        choice.params[param.name] = {{{"name", "dice"}}, {{"name", "focal"}}};
    }
    all.push_back(choice);
    for (const core::ParamSpec& param : spec->params) {
      if (param.name != "hardest") continue;
      choice.params["hardest"] = 0.3;
      all.push_back(choice);
    }
  }
  return all;
}

TEST(LossCensus, HasNothingThatWaitsOrAddsUpInNoOrder) {
  int seen = 0;
  for (const core::PartChoice& choice : every_loss()) {
    SCOPED_TRACE(choice.name + choice.params.dump());
    const bool sigmoid = core::traits_of(core::PartKind::kLoss, choice).at("head") == "sigmoid";
    const auto loss = make_loss(choice, {.num_classes = 2, .fused = false});
    const Batch batch = random_batch(sigmoid ? 1 : 2, 2, torch::kFloat);
    gradient_of(*loss, batch.logits, batch.labels);  // constants are made in the first step
    const torch::Tensor leaf = batch.logits.detach().requires_grad_(true);
    const tests::Census census;
    loss->mean(leaf, batch.labels).backward();
    EXPECT_EQ(census.forbidden(), "");
    EXPECT_LE(census.all(), 600) << "of a sum of two, operations within operations counted";
    ++seen;
  }
  EXPECT_GE(seen, 15);
}

TEST(LossCensus, FindsWhatIsForbidden) {
  const torch::Tensor rows = torch::randn({8, 3}).requires_grad_(true);
  const torch::Tensor labels = torch::zeros({8, 1}, torch::kLong);
  const tests::Census census;
  rows.gather(1, labels).sum().backward();
  EXPECT_NE(census.forbidden(), "");
}

}  // namespace
}  // namespace segbench::losses
