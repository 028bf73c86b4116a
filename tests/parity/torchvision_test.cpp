// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <torch/version.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>

#include "architectures/encoders/encoder.h"
#include "architectures/torch/network.h"
#include "harness/core/safetensors.h"
#include "tests/support/temporary_folder.h"

// Our networks against torchvision's: torchvision_reference.py (beside this file) makes one there, the
// weights are loaded here by name, and the outputs in evaluation, those in training, the gradients of one
// training step and the moving statistics after it are compared.
//
// A relative error is max|ours - theirs| / max|theirs| over one tensor. For gradients the denominator is at
// least a thousandth of the network's largest gradient: a bias before a batch normalisation has none, only
// rounding.
//
// All in float32 where Python's PyTorch is of the version of our LibTorch. Two versions round differently,
// and a ReLU whose input is 0 but for rounding then passes a gradient here and none there; so with another
// version all is done in float64.

namespace segbench::architectures {
namespace {

using torch::Tensor;

constexpr double kTolerance = 1e-5;

/// The Python that has torchvision: $SEGBENCH_PYTHON, or the system's.
std::optional<std::string> python() {
  static const std::optional<std::string> kFound = []() -> std::optional<std::string> {
    const char* chosen = std::getenv("SEGBENCH_PYTHON");
    for (const std::string candidate : {chosen == nullptr ? "/usr/bin/python3" : chosen, "python3"}) {
      if (std::system((candidate + " -c 'import torchvision' >/dev/null 2>&1").c_str()) == 0)
        return candidate;
    }
    return std::nullopt;
  }();
  return kFound;
}

torch::ScalarType precision() {
  static const bool kSameVersion =
      std::system(fmt::format("{} -c 'import sys, torch; sys.exit(not "
                              "torch.__version__.startswith(\"{}.{}.\"))'",
                              *python(), TORCH_VERSION_MAJOR, TORCH_VERSION_MINOR)
                      .c_str()) == 0;
  return kSameVersion ? torch::kFloat32 : torch::kFloat64;
}

/// The reference file as tensors, by name.
class Reference {
 public:
  Reference(const std::string& network, const std::filesystem::path& folder)
      : path_(folder / "reference.safetensors") {
    const std::string command =
        fmt::format("{} {}/tests/parity/torchvision_reference.py {} {} {}", *python(), SEGBENCH_SOURCE_DIR,
                    network, precision() == torch::kFloat32 ? "float32" : "float64", path_.string());
    if (std::system(command.c_str()) != 0) throw std::runtime_error("failed: " + command);
    file_ = std::make_unique<core::SafetensorsFile>(path_);
  }

  Tensor at(const std::string& name) const {
    const core::SafetensorsFile::Entry& entry = file_->entries().at(name);
    const Tensor view = torch::from_blob(const_cast<std::byte*>(entry.data.data()), entry.shape, precision());
    return view.clone();
  }
  bool has(const std::string& name) const { return file_->entries().contains(name); }
  /// The names below "state/".
  std::set<std::string> state() const {
    std::set<std::string> names;
    for (const auto& [name, entry] : file_->entries()) {
      if (name.starts_with("state/")) names.insert(name.substr(6));
    }
    return names;
  }

 private:
  std::filesystem::path path_;
  std::unique_ptr<core::SafetensorsFile> file_;
};

/// What torchvision calls a tensor of ours: its segmentation networks say "backbone." and leave out the
/// "features." of a mobile network.
std::string torchvision_name(const Reference& reference, const std::string& ours) {
  if (!ours.starts_with("encoder.")) return ours;
  const std::string rest = ours.substr(8);
  if (reference.has("state/" + rest)) return rest;
  return "backbone." + (rest.starts_with("features.") ? rest.substr(9) : rest);
}

double relative_error(const Tensor& found, const Tensor& expected, double least_scale = 0) {
  EXPECT_EQ(found.sizes(), expected.sizes());
  if (found.sizes() != expected.sizes()) return 1;
  const double scale = std::max(expected.abs().max().item<double>(), least_scale);
  return (found - expected).abs().max().item<double>() / scale;
}

void load(Network& network, const Reference& reference) {
  const torch::NoGradGuard no_grad;
  std::set<std::string> left = reference.state();
  for (const auto& [name, tensor] : named_tensors(network)) {
    const std::string theirs = torchvision_name(reference, name);
    ASSERT_EQ(left.erase(theirs), 1U) << name << " is not there as " << theirs;
    const Tensor value = reference.at("state/" + theirs);
    ASSERT_EQ(value.sizes(), tensor.sizes()) << name;
    tensor.copy_(value);
  }
  EXPECT_TRUE(left.empty()) << "torchvision has " << *left.begin() << " besides";
}

void expect_gradients(const Network& network, const Reference& reference) {
  double largest = 0;
  for (const auto& item : network.named_parameters()) {
    largest = std::max(
        largest, reference.at("grad/" + torchvision_name(reference, item.key())).abs().max().item<double>());
  }
  double worst = 0;
  for (const auto& item : network.named_parameters()) {
    const Tensor expected = reference.at("grad/" + torchvision_name(reference, item.key()));
    ASSERT_TRUE(item.value().grad().defined()) << item.key();
    const double error = relative_error(item.value().grad(), expected, largest / 1000);
    EXPECT_LT(error, kTolerance) << "gradient of " << item.key();
    worst = std::max(worst, error);
  }
  testing::Test::RecordProperty("gradient_error", fmt::format("{:.2g}", worst));
  fmt::print("[ DIFFERS  ] gradients by {:.2g}\n", worst);
}

void compare(Network& network, const Reference& reference) {
  at::set_num_threads(1);
  network.to(precision());
  fmt::print("[ PRECISION] {}\n", torch::toString(precision()));
  load(network, reference);
  if (testing::Test::HasFatalFailure()) return;
  const Tensor image = reference.at("image");
  {
    const torch::NoGradGuard no_grad;
    network.eval();
    const double error = relative_error(network.forward(image), reference.at("eval"));
    EXPECT_LT(error, kTolerance) << "in evaluation";
    fmt::print("[ DIFFERS  ] evaluation by {:.2g}\n", error);
  }
  network.train();
  const Tensor output = network.forward(image);
  EXPECT_LT(relative_error(output, reference.at("train")), kTolerance) << "in training";
  (output * reference.at("factors")).sum().backward();
  expect_gradients(network, reference);
  for (const auto& item : network.named_buffers()) {
    const Tensor expected = reference.at("after/" + torchvision_name(reference, item.key()));
    EXPECT_LT(relative_error(item.value(), expected), kTolerance) << item.key() << " after a step";
  }
}

/// The encoder's five maps, averaged to 2 x 2 and joined.
std::shared_ptr<Network> encoder_network(const std::string& name, int output_stride) {
  auto [graph, features] = encoder_graph(name, {3, 64, 96}, 1, output_stride);
  const Layers net(graph);
  std::vector<Value> parts;
  for (const Value map : features.maps) {
    parts.push_back(net.adaptive_avg_pool("pool" + std::to_string(parts.size()), map, 2));
  }
  net.concat("concat", parts);
  return make_network(graph, 1);
}

#define SEGBENCH_NEEDS_TORCHVISION() \
  if (!python())                     \
  GTEST_SKIP()                       \
      << "SKIPPED: no Python with torchvision (apt-get install python3-torchvision, or set SEGBENCH_PYTHON)"

class EncoderParity : public testing::TestWithParam<std::string> {};

TEST_P(EncoderParity, EqualsTorchvision) {
  SEGBENCH_NEEDS_TORCHVISION();
  const segbench::tests::TemporaryFolder folder;
  const Reference reference(GetParam(), folder.path());
  const std::size_t at = GetParam().find('@');
  const int stride = at == std::string::npos ? 32 : std::stoi(GetParam().substr(at + 1));
  compare(*encoder_network(GetParam().substr(0, at), stride), reference);
}

/// Every encoder that torchvision has, and those that it can dilate.
std::vector<std::string> encoders() {
  std::vector<std::string> names = {"resnet50@8", "resnet50@16", "resnext50_32x4d@8",
                                    "mobilenet_v3_large@16"};
  for (const std::string& name : encoder_names()) {
    if (!name.starts_with("mit_")) names.push_back(name);  // the transformers are not torchvision's
  }
  return names;
}

std::string test_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::replace(name.begin(), name.end(), '@', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Torchvision, EncoderParity, testing::ValuesIn(encoders()), test_name);

struct Segmentation {
  std::string torchvision, architecture;
  core::Json params;
};

class SegmentationParity : public testing::TestWithParam<Segmentation> {};

TEST_P(SegmentationParity, EqualsTorchvision) {
  SEGBENCH_NEEDS_TORCHVISION();
  const segbench::tests::TemporaryFolder folder;
  const Reference reference(GetParam().torchvision, folder.path());
  const NetworkOptions options{.architecture = GetParam().architecture,
                               .num_outputs = 21,
                               .image_height = 65,
                               .image_width = 97,
                               .params = GetParam().params};
  compare(*make_network(options, 1), reference);
}

INSTANTIATE_TEST_SUITE_P(
    Torchvision, SegmentationParity,
    testing::Values(Segmentation{"fcn_resnet50", "fcn_torchvision", {{"dropout", 0.0}}},
                    Segmentation{"deeplabv3_resnet50", "deeplabv3", {{"dropout", 0.0}}},
                    Segmentation{
                        "deeplabv3_mobilenet_v3_large",
                        "deeplabv3",
                        {{"dropout", 0.0}, {"encoder", "mobilenet_v3_large"}, {"output_stride", 16}}},
                    Segmentation{"lraspp_mobilenet_v3_large", "lraspp", core::Json::object()}),
    [](const auto& network) { return network.param.torchvision; });

}  // namespace
}  // namespace segbench::architectures
