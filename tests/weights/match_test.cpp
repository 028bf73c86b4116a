// SPDX-License-Identifier: MIT
#include "harness/weights/match.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/error.h"
#include "harness/core/safetensors.h"
#include "tests/support/temporary_folder.h"

namespace segbench::tests {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;
using weights::Target;

using Shape = std::vector<std::int64_t>;

/// A file's tensors by name and shape; types are F32 but for counters.
std::map<std::string, weights::Tensor> file_of(const std::vector<std::pair<std::string, Shape>>& entries) {
  std::map<std::string, weights::Tensor> tensors;
  for (const auto& [name, shape] : entries) {
    const bool counter = name.ends_with("num_batches_tracked");
    tensors[name] = {
        .dtype = counter ? "I64" : "F32", .shape = shape, .strides = Shape(shape.size(), 1), .data = {}};
  }
  return tensors;
}

/// An encoder of two layers and a decoder of one.
const std::vector<Target> kNetwork = {{"encoder.conv1.weight", {8, 3, 3, 3}, true},
                                      {"encoder.bn1.weight", {8}},
                                      {"encoder.bn1.running_mean", {8}},
                                      {"head.weight", {4, 8, 1, 1}},
                                      {"head.bias", {4}}};

const std::vector<std::pair<std::string, Shape>> kClassifier = {
    {"conv1.weight", {8, 3, 3, 3}},  {"bn1.weight", {8}},      {"bn1.running_mean", {8}},
    {"bn1.num_batches_tracked", {}}, {"fc.weight", {1000, 8}}, {"fc.bias", {1000}}};

std::vector<std::string> sources(const weights::Match& match) {
  std::vector<std::string> names;
  for (const weights::Transfer& transfer : match.transfers)
    names.push_back(transfer.from + " > " + transfer.to.name);
  return names;
}

TEST(Match, AClassifierFillsTheEncoder) {
  const weights::Match match = weights::match(file_of(kClassifier), kNetwork, {});
  EXPECT_THAT(match.problems, IsEmpty());
  EXPECT_EQ(match.convention, "a classifier as encoder");
  EXPECT_THAT(sources(match),
              UnorderedElementsAre("conv1.weight > encoder.conv1.weight", "bn1.weight > encoder.bn1.weight",
                                   "bn1.running_mean > encoder.bn1.running_mean"));
  EXPECT_THAT(match.left_out, UnorderedElementsAre("bn1.num_batches_tracked", "fc.weight", "fc.bias"));
  EXPECT_THAT(match.kept, ElementsAre("head.weight", "head.bias"));
}

TEST(Match, WrappersPutPrefixesInFront) {
  for (const std::string prefix : {"module.", "model.", "_orig_mod.", "module._orig_mod.",
                                   "_orig_mod.module.", "model._orig_mod.module.", "model.model."}) {
    std::vector<std::pair<std::string, Shape>> entries = kClassifier;
    for (auto& [name, shape] : entries) name = prefix + name;
    const weights::Match match = weights::match(file_of(entries), kNetwork, {});
    EXPECT_THAT(match.problems, IsEmpty()) << prefix;
    EXPECT_EQ(match.transfers.size(), 3u) << prefix;
  }
}

TEST(Match, APrefixOfTheNetworkItselfStays) {
  const std::vector<Target> network = {{"model.a.weight", {2, 3}}, {"model.b.weight", {2}}};
  for (const std::string prefix : {"", "module."}) {
    const weights::Match match = weights::match(
        file_of({{prefix + "model.a.weight", {2, 3}}, {prefix + "model.b._orig_mod.weight", {2}}}), network,
        {});
    EXPECT_THAT(match.problems, IsEmpty()) << prefix;
    EXPECT_EQ(match.transfers.size(), 2u) << prefix;
  }
}

TEST(Match, ASegmentationNetworkNumbersTheLayersOfAMobileNet) {
  const std::vector<Target> network = {{"encoder.features.0.0.weight", {8, 3, 3, 3}, true},
                                       {"classifier.4.weight", {4, 8, 1, 1}}};
  const weights::Match match = weights::match(
      file_of({{"backbone.0.0.weight", {8, 3, 3, 3}}, {"classifier.4.weight", {4, 8, 1, 1}}}), network, {});
  EXPECT_THAT(match.problems, IsEmpty());
  EXPECT_THAT(sources(match), UnorderedElementsAre("backbone.0.0.weight > encoder.features.0.0.weight",
                                                   "classifier.4.weight > classifier.4.weight"));
}

TEST(Match, ASegmentationNetworkFillsEncoderAndHead) {
  const auto file = file_of({{"backbone.conv1.weight", {8, 3, 3, 3}},
                             {"backbone.bn1.weight", {8}},
                             {"backbone.bn1.running_mean", {8}},
                             {"aux_classifier.0.weight", {2, 2}},
                             {"head.weight", {4, 8, 1, 1}},
                             {"head.bias", {4}}});
  const weights::Match match = weights::match(file, kNetwork, {});
  EXPECT_THAT(match.problems, IsEmpty());
  EXPECT_EQ(match.convention, "a segmentation network");
  EXPECT_EQ(match.transfers.size(), 5u);
  EXPECT_THAT(match.left_out, ElementsAre("aux_classifier.0.weight"));
}

TEST(Match, OurOwnWeightsGoOneToOneAndHeadsMayStayBehind) {
  std::vector<std::pair<std::string, Shape>> entries;
  for (const Target& target : kNetwork) entries.emplace_back(target.name, target.shape);
  EXPECT_EQ(weights::match(file_of(entries), kNetwork, {}).convention, "one to one");
  entries[3].second = {21, 8, 1, 1};
  entries[4].second = {21};
  EXPECT_THAT(weights::match(file_of(entries), kNetwork, {}).problems,
              UnorderedElementsAre(
                  "head.weight: has shape [21, 8, 1, 1] in the file, but head.weight has shape [4, 8, 1, 1] "
                  "in the network",
                  "head.bias: has shape [21] in the file, but head.bias has shape [4] in the network",
                  HasSubstr("set weights_exclude = [\"head.*\"]")));
  const weights::Match match = weights::match(file_of(entries), kNetwork, {"head.*"});
  EXPECT_THAT(match.problems, IsEmpty());
  EXPECT_THAT(match.excluded, UnorderedElementsAre("head.weight", "head.bias"));
  EXPECT_THAT(match.kept, ElementsAre("head.weight", "head.bias"));
  EXPECT_EQ(match.transfers.size(), 3u);
}

TEST(Match, EverythingThatDoesNotFitIsToldAtOnce) {
  const auto file = file_of({{"encoder.conv1.weight", {8, 3, 5, 5}},
                             {"encoder.bn1.wieght", {8}},
                             {"encoder.bn1.running_mean", {8}},
                             {"head.weight", {4, 8, 1, 1}}});
  const std::vector<std::string> problems = weights::match(file, kNetwork, {"haed.*"}).problems;
  EXPECT_THAT(problems, ElementsAre(HasSubstr("encoder.conv1.weight: has shape [8, 3, 5, 5]"),
                                    AllOf(HasSubstr("the file has no encoder.bn1.weight [8]"),
                                          HasSubstr("did you mean \"encoder.bn1.wieght\"")),
                                    HasSubstr("the file has no head.bias [4]"),
                                    AllOf(HasSubstr("the network has no encoder.bn1.wieght [8]"),
                                          HasSubstr("did you mean \"encoder.bn1.weight\"")),
                                    HasSubstr("weights_exclude: the pattern \"haed.*\"")));
}

TEST(Match, LongListsAreCut) {
  std::vector<Target> network;
  for (int i = 0; i < 100; ++i) network.push_back({"layer" + std::to_string(i) + ".weight", {1}});
  const auto file = file_of({{"layer0.weight", {1}}});
  const auto problems = weights::match(file, network, {}).problems;
  ASSERT_EQ(problems.size(), 11u);
  EXPECT_EQ(problems.back(), "… and 89 more that the file lacks");
}

TEST(Match, AFileOfSomethingElseIsToldInOneSentence) {
  EXPECT_THAT(weights::match(file_of({{"text_model.embeddings", {9}}}), kNetwork, {}).problems,
              ElementsAre(AllOf(HasSubstr("has no tensor of this network"),
                                HasSubstr("text_model.embeddings"), HasSubstr("encoder.conv1.weight"))));
  EXPECT_EQ(weights::match({}, kNetwork, {}).problems.size(), 1u);
}

TEST(Match, IntegersAreNoWeights) {
  auto file = file_of(kClassifier);
  file["conv1.weight"].dtype = "I64";
  EXPECT_THAT(weights::match(file, kNetwork, {}).problems,
              ElementsAre(HasSubstr("conv1.weight: has type I64")));
}

TEST(Match, OnlyTheConvolutionThatReadsTheImageIsFolded) {
  std::vector<Target> grey = kNetwork;
  grey[0].shape = {8, 1, 3, 3};
  const weights::Match match = weights::match(file_of(kClassifier), grey, {});
  EXPECT_THAT(match.problems, IsEmpty());
  for (const weights::Transfer& transfer : match.transfers) {
    EXPECT_EQ(transfer.is_folded, transfer.to.name == "encoder.conv1.weight");
  }
  grey[0].reads_image = false;
  EXPECT_THAT(weights::match(file_of(kClassifier), grey, {}).problems,
              ElementsAre(HasSubstr("[8, 1, 3, 3]"), HasSubstr("weights_exclude = [\"encoder.conv1.*\"]")));
}

TEST(FoldChannels, AGreyImageGivesWhatItsThreeCopiesGave) {
  // One filter of two pixels: R = {1, 2}, G = {10, 20}, B = {100, 200}.
  const std::vector<float> rgb = {1, 2, 10, 20, 100, 200};
  EXPECT_THAT(weights::fold_channels(rgb, 1, 1), ElementsAre(111, 222));
  EXPECT_THAT(weights::fold_channels(rgb, 1, 2), ElementsAre(1.5F, 3, 15, 30));
  EXPECT_THAT(weights::fold_channels(rgb, 1, 4), ElementsAre(0.75F, 1.5F, 7.5F, 15, 75, 150, 0.75F, 1.5F));
  for (const std::int64_t channels : {1, 2, 3, 4, 5, 6, 12}) {
    const std::vector<float> ones(2 * 3 * 5, 1.0F);
    const std::vector<float> folded = weights::fold_channels(ones, 2, channels);
    ASSERT_EQ(folded.size(), static_cast<std::size_t>(2 * channels * 5));
    double sum = 0;
    for (const float value : folded) sum += value;
    EXPECT_NEAR(sum, 2 * 3 * 5, 1e-5) << channels;
  }
}

TEST(Targets, AreTheTensorsOfTheNetworkAndKnowWhoReadsTheImage) {
  const std::vector<Target> targets = weights::targets_of({.architecture = "unet",
                                                           .size = "small",
                                                           .in_channels = 4,
                                                           .num_outputs = 5,
                                                           .image_height = 50,
                                                           .image_width = 70});
  const auto reading =
      std::count_if(targets.begin(), targets.end(), [](const Target& t) { return t.reads_image; });
  ASSERT_EQ(reading, 1);
  const auto first =
      std::find_if(targets.begin(), targets.end(), [](const Target& t) { return t.reads_image; });
  ASSERT_EQ(first->shape.size(), 4u);
  EXPECT_EQ(first->shape[1], 4);
  EXPECT_TRUE(first->name.ends_with(".weight"));
  EXPECT_EQ(targets.back().shape, Shape{5});
}

TEST(Values, ThatAreNotFiniteAreRefused) {
  const TemporaryFolder folder;
  const std::vector<float> values = {1, std::numeric_limits<float>::quiet_NaN()};
  core::write_safetensors(folder / "w", {{"a", "F32", {2}, std::as_bytes(std::span(values))}}, {});
  const weights::WeightFile file(folder / "w");
  try {
    weights::values_of(file, {.from = "a", .to = {"a", {2}}});
    FAIL() << "accepted";
  } catch (const core::UserError& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("w: a holds values"), HasSubstr("not a number")));
  }
}

TEST(HashInName, IsTorchvisions) {
  EXPECT_EQ(weights::hash_in_name("resnet50-0676ba61.pth"), "0676ba61");
  EXPECT_EQ(weights::hash_in_name("resnet50-0676BA61.pth"), "");
  EXPECT_EQ(weights::hash_in_name("resnet50.pth"), "");
  EXPECT_EQ(weights::hash_in_name("0676ba61.pth"), "");
  EXPECT_EQ(weights::hash_in_name("my-weights.pth"), "");
}

}  // namespace
}  // namespace segbench::tests
