// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "architectures/networks/every_network.h"
#include "architectures/torch/network.h"
#include "harness/conformance/networks.h"
#include "harness/core/error.h"
#include "harness/core/safetensors.h"
#include "tests/support/temporary_folder.h"

// What every network must do, over the whole registry.

namespace segbench::architectures {
namespace {

using conformance::images;
using torch::Tensor;

class EveryNetwork : public testing::TestWithParam<NetworkOptions> {
 protected:
  static Tensor evaluate(Network& network, const Tensor& x) {
    const torch::NoGradGuard no_grad;
    network.eval();
    return network.forward(x);
  }
  int stride() const { return summarise(GetParam()).stride; }
};

INSTANTIATE_TEST_SUITE_P(Registry, EveryNetwork, testing::ValuesIn(every_network()),
                         [](const auto& network) { return name_of(network.param); });

std::map<std::string, Tensor> gradients(Network& network, const Tensor& x) {
  network.zero_grad();
  conformance::scalar_of(network.forward(x)).backward();
  std::map<std::string, Tensor> found;
  for (const auto& item : network.named_parameters()) found[item.key()] = item.value().grad();
  return found;
}

/// Within `tolerance` of the largest value (or of 1, where none is larger): a deep network that nobody
/// trained makes large ones.
bool nearly_equal(const Tensor& found, const Tensor& expected, double tolerance) {
  const double scale = std::max(1.0, expected.abs().max().item<double>());
  return (found - expected).abs().max().item<double>() <= tolerance * scale;
}

void expect_finite(const std::map<std::string, Tensor>& tensors) {
  for (const auto& [name, tensor] : tensors) {
    ASSERT_TRUE(tensor.defined()) << name;
    EXPECT_TRUE(torch::isfinite(tensor).all().item<bool>()) << name;
  }
}

TEST_P(EveryNetwork, TakesAnySizeChannelsAndClasses) {
  const int s = stride();
  const std::vector<std::array<int, 2>> sizes = {{s, s}, {s + 1, 2 * s - 1}, {33, 65}, {64, 64}};
  for (const auto& [height, width] : sizes) {
    for (const auto& [channels, outputs] : std::vector<std::array<int, 2>>{{1, 1}, {3, 2}, {5, 21}}) {
      NetworkOptions options = GetParam();
      options.image_height = std::max(height, s), options.image_width = std::max(width, s);
      options.in_channels = channels, options.num_outputs = outputs;
      const auto network = make_network(options, 1);
      const Tensor y = evaluate(*network, images(2, options));
      EXPECT_EQ(y.sizes(), torch::IntArrayRef({2, outputs, options.image_height, options.image_width}));
      EXPECT_TRUE(torch::isfinite(y).all().item<bool>());
    }
  }
}

// One made for 64 x 64 pixels runs at other sizes too, like one made for them: data at their native
// resolution.
TEST_P(EveryNetwork, RunsAtSizesItWasNotMadeFor) {
  NetworkOptions other = GetParam();
  other.image_height = 71, other.image_width = 50;
  const Tensor x = images(1, other);
  EXPECT_TRUE(torch::equal(evaluate(*make_network(GetParam(), 1), x), evaluate(*make_network(other, 1), x)));
  EXPECT_THROW(evaluate(*make_network(GetParam(), 1), x.narrow(2, 0, stride() - 1)), core::UserError);
}

TEST_P(EveryNetwork, TrainsOnOneImageOfTheSmallestSize) {
  NetworkOptions options = GetParam();
  options.image_height = options.image_width = stride();
  const auto network = make_network(options, 1);
  network->train();
  expect_finite(gradients(*network, images(1, options)));
  for (const auto& item : network->named_buffers()) {
    EXPECT_TRUE(torch::isfinite(item.value()).all().item<bool>()) << item.key();
  }
}

TEST_P(EveryNetwork, HasFiniteGradientsThatReachEveryParameter) {
  NetworkOptions options = GetParam();
  options.image_height = 67;
  const auto network = make_network(options, 3);
  network->train();
  expect_finite(gradients(*network, images(2, options)));
  // In training mode a bias before a batch normalisation has no gradient: the mean is subtracted. In eval
  // mode it has.
  network->eval();
  for (const auto& [name, gradient] : gradients(*network, images(2, options))) {
    ASSERT_TRUE(gradient.defined()) << name;
    EXPECT_GT(gradient.abs().max().item<float>(), 0) << name;
  }
}

TEST_P(EveryNetwork, SameSeedSameWeightsAndOtherSeedOthers) {
  const NamedTensors a = named_tensors(*make_network(GetParam(), 5));
  const NamedTensors b = named_tensors(*make_network(GetParam(), 5));
  const NamedTensors c = named_tensors(*make_network(GetParam(), 6));
  ASSERT_EQ(a.size(), b.size());
  bool differs = false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].first, b[i].first);
    EXPECT_TRUE(torch::equal(a[i].second, b[i].second)) << a[i].first;
    differs = differs || !torch::equal(a[i].second, c[i].second);
  }
  EXPECT_TRUE(differs);
}

TEST_P(EveryNetwork, SurvivesSavingAndLoading) {
  const segbench::tests::TemporaryFolder folder;
  const auto saved = make_network(GetParam(), 1);
  saved->train();
  saved->forward(images(2, GetParam()));  // moves the moving statistics
  std::vector<core::TensorBytes> bytes;
  for (const auto& [name, tensor] : named_tensors(*saved)) {
    bytes.push_back({name,
                     "F32",
                     tensor.sizes().vec(),
                     {static_cast<const std::byte*>(tensor.data_ptr()), tensor.nbytes()}});
  }
  core::write_safetensors(folder / "weights.safetensors", bytes, {});

  const core::SafetensorsFile file(folder / "weights.safetensors");
  const auto loaded = make_network(GetParam(), 2);
  const NamedTensors into = named_tensors(*loaded);
  ASSERT_EQ(file.entries().size(), into.size());
  for (const auto& [name, tensor] : into) {
    const auto& entry = file.entries().at(name);
    ASSERT_EQ(entry.data.size(), tensor.nbytes()) << name;
    std::copy(entry.data.begin(), entry.data.end(), static_cast<std::byte*>(tensor.data_ptr()));
  }
  const Tensor x = images(2, GetParam());
  EXPECT_TRUE(torch::equal(evaluate(*saved, x), evaluate(*loaded, x)));
}

TEST_P(EveryNetwork, CountsWhatItHas) {
  const auto network = make_network(GetParam(), 1);
  const NetworkSummary summary = summarise(GetParam());
  std::int64_t trainable = 0, buffers = 0;
  for (const Tensor& parameter : network->parameters()) {
    EXPECT_TRUE(parameter.requires_grad());
    trainable += parameter.numel();
  }
  for (const Tensor& buffer : network->buffers()) buffers += buffer.numel();
  EXPECT_EQ(trainable, summary.trainable);
  EXPECT_EQ(buffers, summary.non_trainable);
}

TEST_P(EveryNetwork, NamesItsTensorsInTheOrderOfItsLayers) {
  const auto network = make_network(GetParam(), 1);
  std::vector<std::string> layers;  // those with tensors, each once
  for (const auto& [name, tensor] : named_tensors(*network)) {
    if (!tensor.requires_grad()) continue;
    const std::string layer = name.substr(0, name.rfind('.'));
    if (layers.empty() || layers.back() != layer) layers.push_back(layer);
  }
  std::vector<std::string> expected;
  for (const LayerRow& row : summarise(GetParam()).layers) {
    if (row.trainable > 0) expected.push_back(row.name);
  }
  EXPECT_EQ(layers, expected);
}

TEST_P(EveryNetwork, ChannelsLastGivesTheSameNumbers) {
  const auto plain = make_network(GetParam(), 1), last = make_network(GetParam(), 1);
  use_memory_format(*last, torch::MemoryFormat::ChannelsLast);
  const Tensor x = images(2, GetParam());
  const Tensor x_last = x.contiguous(torch::MemoryFormat::ChannelsLast);
  EXPECT_TRUE(nearly_equal(evaluate(*last, x_last), evaluate(*plain, x), 1e-4));
  EXPECT_TRUE(evaluate(*last, x_last).is_contiguous(torch::MemoryFormat::ChannelsLast));
  if (plain->is_stochastic()) return;  // the masks of dropout follow the memory
  // In double precision: batch statistics of a few pixels magnify what rounding does to a deep network.
  for (const auto& network : {plain, last}) network->train(), network->to(torch::kFloat64);
  const Tensor y = plain->forward(x.to(torch::kFloat64)), y_last = last->forward(x_last.to(torch::kFloat64));
  EXPECT_TRUE(nearly_equal(y_last, y, 1e-6));
}

TEST_P(EveryNetwork, EvaluationIsDeterministicAndChangesNothing) {
  const auto network = make_network(GetParam(), 1);
  const Tensor x = images(2, GetParam()), kept = x.clone();
  const Tensor first = evaluate(*network, x);
  EXPECT_TRUE(torch::equal(first, evaluate(*network, x)));
  EXPECT_TRUE(torch::equal(x, kept)) << "the input was overwritten";
  for (const auto& item : network->named_buffers()) {
    const float at_start = item.key().ends_with("running_var") ? 1.0F : 0.0F;
    EXPECT_TRUE((item.value() == at_start).all().item<bool>()) << item.key();
  }
}

TEST_P(EveryNetwork, TrainingMovesTheStatisticsAndDropsWhereItSaysSo) {
  const auto network = make_network(GetParam(), 1);
  network->train();
  const Tensor x = images(2, GetParam());
  torch::manual_seed(1);
  const Tensor first = network->forward(x), second = network->forward(x);
  EXPECT_EQ(network->is_stochastic(), !torch::equal(first, second));
  for (const auto& item : network->named_buffers()) {
    const float at_start = item.key().ends_with("running_var") ? 1.0F : 0.0F;
    EXPECT_FALSE((item.value() == at_start).all().item<bool>()) << item.key();
  }
}

TEST_P(EveryNetwork, MovesToAnotherTypeWhole) {
  const auto network = make_network(GetParam(), 1);
  const Tensor x = images(1, GetParam());
  const Tensor single = evaluate(*network, x);
  network->to(torch::kFloat64);
  const Tensor twice = evaluate(*network, x.to(torch::kFloat64));
  EXPECT_EQ(twice.scalar_type(), torch::kFloat64);
  EXPECT_TRUE(nearly_equal(twice.to(torch::kFloat32), single, 1e-3));
}

}  // namespace
}  // namespace segbench::architectures
