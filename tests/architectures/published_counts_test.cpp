// SPDX-License-Identifier: MIT
#include "architectures/networks/published_counts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "architectures/encoders/encoder.h"
#include "architectures/networks/architecture.h"
#include "tests/support/oracles.h"

namespace segbench::architectures {
namespace {

TEST(PublishedCounts, AreOurs) {
  for (const PublishedCount& count : published_counts()) {
    SCOPED_TRACE(name_of(count));
    const NetworkSummary found = summarise(count);
    EXPECT_TRUE(count.total || count.trainable);
    EXPECT_EQ(found.parameters(), count.total.value_or(found.parameters()));
    EXPECT_EQ(found.trainable, count.trainable.value_or(found.trainable));
    EXPECT_FALSE(count.source.empty());
  }
}

TEST(PublishedCounts, TellNetworksApart) {
  std::set<std::string> names;
  for (const PublishedCount& count : published_counts())
    EXPECT_TRUE(names.insert(name_of(count)).second) << name_of(count);
  EXPECT_THAT(names,
              testing::Contains(
                  "resnet_unet_keras full, backbone resnet50, 1 class, frozen: encoder_but_batch_norm"));
}

/// Ours for a model of torchvision_counts.json: parameters, moving statistics, and tensors of parameters.
struct Counted {
  std::int64_t parameters, statistics;
  std::int64_t tensors;
};

Counted counted(const Graph& graph) {
  Counted sum{0, 0, 0};
  for (const Node& node : graph.nodes()) {
    for (const TensorSpec& tensor : node.tensors) {
      (tensor.trainable ? sum.parameters : sum.statistics) += tensor.numel();
      sum.tensors += tensor.trainable ? 1 : 0;
    }
  }
  return sum;
}

Counted classifier(const std::string& encoder, std::int64_t features, std::int64_t classes) {
  Counted sum = counted(encoder_graph(encoder, {3, 64, 64}).graph);
  sum.parameters += (features + 1) * classes;
  sum.tensors += 2;
  return sum;
}

/// FCN's head of 21 classes: what torchvision trains beside a network on the third stage of a ResNet-50.
Counted with_auxiliary_head(Counted sum) {
  constexpr std::int64_t kIn = 1024, kInner = 256;
  sum.parameters += kIn * kInner * 9 + 2 * kInner + (kInner + 1) * 21;
  sum.statistics += 2 * kInner;
  sum.tensors += 5;
  return sum;
}

TEST(TorchvisionOracle, CountsAgree) {
  SEGBENCH_NEEDS_ORACLES();
  const auto network = [](const char* name) { return counted(build_graph({.architecture = name})); };
  const std::map<std::string, Counted> ours = {
      {"resnet50 (1000 classes)", classifier("resnet50", 2048, 1000)},
      {"mobilenet_v2 (1000 classes)", classifier("mobilenet_v2", 1280, 1000)},
      {"fcn_resnet50 (21 classes, auxiliary head)", with_auxiliary_head(network("fcn_torchvision"))},
      {"fcn_resnet50 (21 classes, no auxiliary head)", network("fcn_torchvision")},
      {"deeplabv3_resnet50 (21 classes, auxiliary head)", with_auxiliary_head(network("deeplabv3"))},
      {"lraspp_mobilenet_v3_large (21 classes)", network("lraspp")},
      {"vgg16 features", counted(encoder_graph("vgg16", {3, 64, 64}).graph)},
  };
  int compared = 0;
  for (const tests::OracleCase& c : tests::oracle_cases("torchvision_counts")) {
    for (const core::Json& model : c.json.at("models")) {
      const auto found = ours.find(model.at("model").get<std::string>());
      if (found == ours.end()) continue;
      SCOPED_TRACE(found->first);
      EXPECT_EQ(found->second.parameters, model.at("parameters").get<std::int64_t>());
      EXPECT_EQ(found->second.statistics, model.at("running_statistics").get<std::int64_t>());
      EXPECT_EQ(found->second.tensors, model.at("num_parameter_tensors").get<std::int64_t>());
      ++compared;
    }
  }
  EXPECT_GE(compared, 7);
}

}  // namespace
}  // namespace segbench::architectures
