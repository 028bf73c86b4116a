// SPDX-License-Identifier: MIT
#include "harness/engines/onednn/joined.h"

#include <gtest/gtest.h>

#include "harness/engines/onednn/layout.h"
#include "harness/engines/onednn/onednn_engine.h"
#include "tests/architectures/maps.h"
#include "tests/onednn/plain_network.h"
#include "tests/onnx/random_weights.h"

namespace segbench::engines::onednn {
namespace {

using architectures::Function;
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

// What reads the whole for the last time could overwrite it, but for the part that is read once more.
TEST(Joined, AWholeStaysWhileItsPartsAreRead) {
  for (const bool adds : {false, true}) {
    SCOPED_TRACE(adds ? "an addition to the whole" : "an activation of the whole");
    Graph graph({3, 10, 13});
    const Layers net(graph);
    const Value a = net.conv2d("a", graph.input(), {.filters = 32}), b = net.conv2d("b", a, {.filters = 32});
    const Value whole = net.concat("c", {a, b});
    const Value read = adds ? net.add("s", net.conv2d("d", b, {.filters = 64}), whole)
                            : net.conv2d("d", net.activation("t", whole, Function::kTanh), {.filters = 64});
    net.concat("y", {read, a});
    const architectures::tests::RandomWeights random(graph);
    const architectures::Maps x = architectures::tests::wavy_images(1, {3, 10, 13});
    const architectures::Maps found = make_onednn_engine(graph, random.weights(), 1)->run(x);
    const architectures::Maps expected = architectures::tests::run_plainly(graph, random.weights(), x);
    EXPECT_LT(architectures::tests::relative_difference(found, expected), 1e-4);
  }
}

}  // namespace
}  // namespace segbench::engines::onednn
