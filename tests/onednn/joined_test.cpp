// SPDX-License-Identifier: MIT
#include "harness/engines/onednn/joined.h"

#include <gtest/gtest.h>

#include "harness/engines/onednn/layout.h"

namespace segbench::engines::onednn {
namespace {

using architectures::Graph;
using architectures::Layers;
using architectures::Value;

/// conv a, conv b, then their concatenation; a has `channels` filters.
Graph two_parts(std::int64_t channels) {
  Graph graph({3, 6, 6});
  const Layers net(graph);
  const Value a = net.conv2d("a", graph.input(), {.filters = channels});
  net.concat("y", {a, net.conv2d("b", a, {.filters = 5})});
  return graph;
}

TEST(Joined, PartsLieSideBySideInTheWhole) {
  const Graph graph = two_parts(32);
  Program program;
  Joined joined(graph, steps_of(graph), 1);
  EXPECT_TRUE(joined.is_whole(3));
  ASSERT_TRUE(joined.has_place(1));
  ASSERT_TRUE(joined.has_place(2));
  EXPECT_FALSE(joined.has_place(0));
  EXPECT_EQ(joined.place_of(program, 1)->values(), joined.whole_of(program, 3).values());
  EXPECT_EQ(joined.place_of(program, 2)->values(), joined.whole_of(program, 3).values() + 32 * 36);
  EXPECT_EQ(joined.place_of(program, 2)->desc(), blocked(1, {5, 6, 6}));
  EXPECT_FALSE(joined.place_of(program, 0).has_value());
}

TEST(Joined, OfSeveralImagesOrInBlocksThatAreNotFullPartsHaveNoPlaces) {
  const Graph full = two_parts(32), partly = two_parts(20);
  EXPECT_FALSE(Joined(full, steps_of(full), 2).is_whole(3));
  EXPECT_FALSE(Joined(partly, steps_of(partly), 1).is_whole(3));
  EXPECT_FALSE(Joined(partly, steps_of(partly), 1).has_place(1));
}

TEST(Joined, AWholeCanBeAPartOfAnother) {
  Graph graph({3, 6, 6});
  const Layers net(graph);
  const Value a = net.conv2d("a", graph.input(), {.filters = 16}), b = net.conv2d("b", a, {.filters = 16});
  const Value inner = net.concat("c", {a, b});
  net.concat("d", {net.conv2d("e", inner, {.filters = 16}), inner});
  Program program;
  Joined joined(graph, steps_of(graph), 1);
  float* outer = joined.whole_of(program, 5).values();
  EXPECT_EQ(joined.whole_of(program, 3).values(), outer + 16 * 36);
  EXPECT_EQ(joined.place_of(program, 2)->values(), outer + 32 * 36);
}

}  // namespace
}  // namespace segbench::engines::onednn
