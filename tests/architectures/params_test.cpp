// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <iostream>
#include <map>
#include <optional>

#include "architectures/networks/network.h"
#include "tests/support/oracles.h"

// The layer tables of oracles/params, layer by layer.

namespace segbench::architectures {
namespace {

using core::Json;

struct Choice {
  std::string architecture, size;
  Json params = Json::object(), freeze = nullptr;
};

/// The oracles' name of a network to ours; those that are not here are not offered yet.
std::optional<Choice> ours(const std::string& network) {
  static const std::map<std::string, Choice> known = {
      {"fcn", {"fcn", "full"}},
      {"unet_original", {"unet", "full"}},
      {"unet_medium", {"unet", "medium"}},
      {"unet_small", {"unet", "small"}},
      {"resunet", {"resunet", "published"}},
      {"pspnet_vanilla", {"pspnet", "published"}},
      {"mobilenetv2_unet", {"mobilenetv2_unet_keras", "full", Json::object(), "encoder"}},
      {"mobilenetv2_unet_all_trainable", {"mobilenetv2_unet_keras", "full"}},
      {"sm_unet_resnet50_upsampling", {"resnet_unet_keras", "full", {{"backbone", "resnet50"}}}},
      {"sm_unet_resnet50_upsampling_encoder_frozen",
       {"resnet_unet_keras", "full", {{"backbone", "resnet50"}}, "encoder_but_batch_norm"}},
      {"sm_unet_resnet34_upsampling", {"resnet_unet_keras", "full", {{"backbone", "resnet34"}}}},
      {"sm_pspnet_resnet50_d8", {"resnet_pspnet_keras", "full", {{"backbone", "resnet50"}}}},
  };
  const auto found = known.find(network);
  if (found == known.end()) return std::nullopt;
  return found->second;
}

NetworkSummary summary_for(const Choice& choice, const Json& json) {
  const auto input = json.at("input_shape").get<std::array<int, 3>>();
  return summarise({.architecture = choice.architecture,
                    .size = choice.size,
                    .in_channels = input[2],
                    .num_outputs = json.at("output_shape").at(2),
                    .image_height = input[0],
                    .image_width = input[1],
                    .params = choice.params,
                    .freeze = choice.freeze});
}

/// The kind that we give a layer of a Keras class.
std::string kind_of_class(const std::string& keras_class) {
  static const std::map<std::string, std::string> kinds = {
      {"InputLayer", "input"},
      {"Conv2D", "conv"},
      {"DepthwiseConv2D", "conv"},
      {"Conv2DTranspose", "conv_transpose"},
      {"BatchNormalization", "batch_norm"},
      {"Activation", "activation"},
      {"ReLU", "activation"},
      {"MaxPooling2D", "max_pool"},
      {"AveragePooling2D", "avg_pool"},
      {"UpSampling2D", "upsample"},
      {"Dropout", "dropout"},
      {"Add", "add"},
      {"Concatenate", "concat"},
      {"ZeroPadding2D", "pad"},
  };
  const auto found = kinds.find(keras_class);
  return found == kinds.end() ? keras_class : found->second;
}

/// The oracle's layers without a final softmax or sigmoid: our networks return logits.
std::vector<Json> layers_of(const Json& json) {
  std::vector<Json> layers = json.at("layers");
  const std::string last = layers.back().at("name");
  if (layers.back().at("class") == "Activation" && (last == "softmax" || last == "sigmoid"))
    layers.pop_back();
  return layers;
}

void expect_totals(const NetworkSummary& found, const Json& expected) {
  EXPECT_EQ(found.parameters(), expected.at("total").get<std::int64_t>());
  EXPECT_EQ(found.trainable, expected.at("trainable").get<std::int64_t>());
  EXPECT_EQ(found.non_trainable, expected.at("non_trainable").get<std::int64_t>());
  EXPECT_EQ(found.macs, expected.at("conv_macs_per_image").get<std::int64_t>());
  const auto output = expected.at("output_shape").get<std::array<std::int64_t, 3>>();
  EXPECT_EQ(found.layers.back().output_shape, output);
}

void report_not_offered(const std::vector<std::string>& networks) {
  std::string list;
  for (const std::string& name : networks) list += (list.empty() ? "" : ", ") + name;
  if (!networks.empty())
    std::cout << "[ NOT YET  ] networks of the oracles that are not offered yet: " << list << "\n";
}

TEST(ParameterOracles, LayerTablesAgreeRowByRow) {
  SEGBENCH_NEEDS_ORACLES();
  std::vector<std::string> not_offered;
  int compared = 0;
  for (const tests::OracleCase& c : tests::oracle_cases("layer_table")) {
    SCOPED_TRACE(c.file.string());
    const std::optional<Choice> choice = ours(c.json.at("network"));
    if (!choice) {
      not_offered.push_back(c.json.at("network"));
      continue;
    }
    const NetworkSummary found = summary_for(*choice, c.json);
    const std::vector<Json> expected = layers_of(c.json);
    ASSERT_EQ(found.layers.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      const LayerRow& row = found.layers[i];
      SCOPED_TRACE(expected[i].at("name").get<std::string>() + " and our " + row.name);
      EXPECT_EQ(row.kind, kind_of_class(expected[i].at("class")));
      const auto shape = expected[i].at("output_shape").get<std::array<std::int64_t, 3>>();
      EXPECT_EQ(row.output_shape, shape);
      EXPECT_EQ(row.trainable + row.non_trainable, expected[i].at("params").get<std::int64_t>());
      EXPECT_EQ(row.trainable, expected[i].at("trainable").get<std::int64_t>());
      EXPECT_EQ(row.non_trainable, expected[i].at("non_trainable").get<std::int64_t>());
      EXPECT_EQ(row.macs, expected[i].value("macs", std::int64_t{0}));
    }
    expect_totals(found, c.json);
    ++compared;
  }
  report_not_offered(not_offered);
  EXPECT_GT(compared, 0);
}

TEST(ParameterOracles, TotalsAgree) {
  SEGBENCH_NEEDS_ORACLES();
  std::vector<std::string> not_offered;
  int compared = 0;
  for (const tests::OracleCase& c : tests::oracle_cases("totals")) {
    for (const Json& expected : c.json.at("networks")) {
      SCOPED_TRACE(expected.at("network").get<std::string>());
      if (const std::optional<Choice> choice = ours(expected.at("network"))) {
        expect_totals(summary_for(*choice, expected), expected);
        ++compared;
      } else {
        not_offered.push_back(expected.at("network"));
      }
    }
  }
  report_not_offered(not_offered);
  EXPECT_GT(compared, 0);
}

}  // namespace
}  // namespace segbench::architectures
