// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "architectures/networks/every_network.h"
#include "architectures/torch/network.h"
#include "harness/conformance/networks.h"
#include "tests/support/census.h"

// What a network asks of a GPU in a step: no operation that waits, and none that adds up in no order but
// those that architectures/graph/determinism.h names.

namespace segbench::architectures {
namespace {

class NetworkCensus : public testing::TestWithParam<NetworkOptions> {};

INSTANTIATE_TEST_SUITE_P(Registry, NetworkCensus, testing::ValuesIn(every_network()),
                         [](const auto& network) { return name_of(network.param); });

TEST_P(NetworkCensus, HasNothingThatWaitsOrAddsUpInNoOrder) {
  const auto network = make_network(GetParam(), 1);
  network->train();
  const torch::Tensor x = conformance::images(2, GetParam());
  const segbench::tests::Census census;
  conformance::scalar_of(network->forward(x)).backward();
  EXPECT_EQ(census.forbidden(), "");
  EXPECT_GT(census.all(), 20);
}

}  // namespace
}  // namespace segbench::architectures
