// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "harness/core/counts.h"
#include "harness/core/part.h"
#include "harness/losses/loss.h"
#include "tests/support/stub_device.h"

// What a step of every loss copies between a device and its host: nothing, once its constants are there.

namespace segbench::losses {
namespace {

namespace stub = tests::stub;
using torch::Tensor;

/// Every loss; those that have weights by distance with these, too.
std::vector<core::PartChoice> every_loss() {
  std::vector<core::PartChoice> all;
  for (const core::PartSpec* spec : core::PartRegistry::instance().all(core::PartKind::kLoss)) {
    core::PartChoice choice{spec->name, core::Json::object()};
    bool weighs_boundaries = false;
    for (const core::ParamSpec& param : spec->params) {
      weighs_boundaries = weighs_boundaries || param.name == "boundary_weight";
      if (param.types == core::kPartList)
        choice.params[param.name] = {{{"name", "dice"}}, {{"name", "boundary"}, {"weight", 0.1}}};
    }
    all.push_back(choice);
    if (weighs_boundaries) {
      choice.params["boundary_weight"] = 3.0;
      all.push_back(choice);
    }
  }
  return all;
}

TEST(StubDevice, ComputesEveryLossWithoutTheHost) {
  int seen = 0, with_distances = 0;
  for (const core::PartChoice& choice : every_loss()) {
    SCOPED_TRACE(choice.name + choice.params.dump());
    const bool sigmoid = core::traits_of(core::PartKind::kLoss, choice).at("head") == "sigmoid";
    torch::manual_seed(1);
    const Tensor labels = torch::randint(0, 3, {3, 9, 11}, torch::kLong),
                 truth = labels.masked_fill(labels == 2, core::kVoidLabel).to(torch::kByte),
                 logits = torch::randn({3, sigmoid ? 1 : 2, 9, 11});
    const auto on_host = make_loss(choice, {.num_classes = 2, .fused = false}),
               on_device = make_loss(choice, {.num_classes = 2});
    const Tensor truth_there = truth.to(stub::kDevice), logits_there = logits.to(stub::kDevice);
    Tensor value;
    for (int step = 0; step < 2; ++step) {  // constants move there in the first
      const Tensor leaf = logits_there.detach().requires_grad_(true);
      const int to_host = stub::record().to_host, to_device = stub::record().to_device;
      value = on_device->mean(leaf, truth_there);
      value.backward();
      EXPECT_EQ(stub::record().to_host - to_host, 0);
      if (step > 0) {
        EXPECT_EQ(stub::record().to_device - to_device, 0);
      }
    }
    const double expected = on_host->mean(logits, truth).item<double>();
    EXPECT_NEAR(value.item<double>(), expected, 1e-5 * std::max(1.0, std::abs(expected)));
    ++seen;
    with_distances += choice.name == "boundary" || choice.params.contains("boundary_weight") ? 1 : 0;
  }
  EXPECT_GE(seen, 20);
  EXPECT_GE(with_distances, 3);
}

}  // namespace
}  // namespace segbench::losses
