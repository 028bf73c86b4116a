// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>
#include <torch/torch.h>

#include <algorithm>
#include <iostream>
#include <optional>
#include <set>

#include "harness/losses/loss.h"
#include "tests/support/npy.h"
#include "tests/support/oracles.h"

// Values and gradients of every loss that the golden numbers and Segbench both know, in double and in single
// precision.

namespace segbench::losses {
namespace {

using torch::Tensor;

struct Known {
  core::PartChoice choice;
  std::vector<double> weights;
};

/// How a loss of the oracle is said in Segbench's words; nothing when it is not offered.
std::optional<Known> translate(const std::string& name, const core::Json& entry) {
  const core::Json params = entry.value("params", core::Json::object());
  const auto weights = params.value("class_weights", std::vector<double>());
  const auto cross_entropy = [&](const char* normalisation, double clip) {
    return Known{{"cross_entropy", {{"weight_normalisation", normalisation}, {"clip", clip}}}, weights};
  };
  const auto ends_with = [&](const std::string& end) {
    return name.size() >= end.size() && name.compare(name.size() - end.size(), end.size(), end) == 0;
  };
  if (name == "keras.categorical_crossentropy") return cross_entropy("pixels", 1e-7);
  if (name == "categorical_crossentropy_from_logits" || name == "cce_from_logits_mean_over_valid") {
    return cross_entropy("pixels", 0);
  }
  if (name == "cce_from_logits_mean_over_all_pixels") return cross_entropy("all_pixels", 0);
  if (name.rfind("weighted_cce_", 0) == 0) {
    if (ends_with("_mean_over_pixels")) return cross_entropy("pixels", 1e-7);
    if (ends_with("_normalised_by_weight_sum")) return cross_entropy("weights", 1e-7);
  }
  const auto binary = [&](double clip, std::vector<double> class_weights) {
    return Known{{"binary_cross_entropy", {{"weight_normalisation", "pixels"}, {"clip", clip}}},
                 std::move(class_weights)};
  };
  if (name == "binary_crossentropy_from_logits") return binary(0, {});
  if (name == "weighted_bce_from_logits_pos_weight") return binary(0, {1.0, params.at("pos_weight")});
  return std::nullopt;
}

/// The binary cross-entropy of Keras on a softmax is another loss than on a sigmoid.
std::optional<Known> translate_sigmoid(const std::string& name, const core::Json& entry) {
  if (name != "keras.binary_crossentropy") return translate(name, entry);
  return Known{{"binary_cross_entropy", {{"weight_normalisation", "pixels"}, {"clip", 1e-7}}}, {}};
}

struct OracleBatch {
  Tensor logits, labels, gradients;  ///< logits and each gradient [N, H, W, C] double
};

OracleBatch read_batch(const tests::OracleCase& oracle) {
  const auto tensor = [&](const char* key) {
    const tests::Npy npy = tests::read_npy(oracle.beside(oracle.json.at(key)));
    return torch::tensor(npy.values, torch::kDouble).reshape(npy.shape);
  };
  return {tensor("logits"), tensor("labels").to(torch::kByte), tensor("gradients")};
}

struct Result {
  double value;
  Tensor gradient;  ///< [N, H, W, C]
};

Result evaluate(const Loss& loss, const OracleBatch& batch, torch::ScalarType type, bool channels_last) {
  Tensor logits = batch.logits.to(type).permute({0, 3, 1, 2});
  if (!channels_last) logits = logits.contiguous();
  logits = logits.detach().requires_grad_(true);
  const Tensor value = loss.mean(logits, batch.labels);
  value.backward();
  return {value.item<double>(), logits.grad().permute({0, 2, 3, 1}).to(torch::kDouble)};
}

void check_kind(const std::string& kind, bool sigmoid) {
  std::set<std::string> missing;
  int checked = 0;
  for (const tests::OracleCase& oracle : tests::oracle_cases(kind)) {
    const OracleBatch batch = read_batch(oracle);
    const int num_classes = sigmoid ? 2 : static_cast<int>(batch.logits.size(3));
    const double tolerance =
        oracle.json.value("saturated_logits", false) || batch.logits.abs().max().item<double>() > 30 ? 1e-8
                                                                                                     : 1e-10;
    for (const core::Json& entry : oracle.json.at("losses")) {
      const std::string name = entry.at("loss");
      SCOPED_TRACE(oracle.file.filename().string() + " " + name);
      const auto known = sigmoid ? translate_sigmoid(name, entry) : translate(name, entry);
      if (!known) {
        missing.insert(name);
        continue;
      }
      const auto loss = make_loss(known->choice, {num_classes, known->weights});
      const auto unfused = make_loss(known->choice, {num_classes, known->weights, /*fused=*/false});
      const double value = entry.at("value");
      const Tensor gradient = batch.gradients[entry.at("grad_index").get<std::int64_t>()];
      for (const Result& found :
           {evaluate(*loss, batch, torch::kDouble, true), evaluate(*loss, batch, torch::kDouble, false),
            evaluate(*unfused, batch, torch::kDouble, true)}) {
        EXPECT_NEAR(found.value, value, tolerance);
        EXPECT_LE((found.gradient - gradient).abs().max().item<double>(), tolerance);
      }
      const Result single = evaluate(*loss, batch, torch::kFloat, true);
      const double largest = gradient.abs().max().item<double>();
      EXPECT_NEAR(single.value, value, 1e-5 * std::max(1.0, std::abs(value)));
      EXPECT_LE((single.gradient - gradient).abs().max().item<double>(), 1e-5 * largest);
      ++checked;
    }
  }
  for (const std::string& name : missing) std::cout << "not offered yet: " << name << "\n";
  EXPECT_GT(checked, 0);
}

TEST(LossOracles, Softmax) {
  SEGBENCH_NEEDS_ORACLES();
  check_kind("softmax_losses", false);
}

TEST(LossOracles, SoftmaxWithVoid) {
  SEGBENCH_NEEDS_ORACLES();
  check_kind("softmax_losses_with_ignore", false);
}

TEST(LossOracles, Sigmoid) {
  SEGBENCH_NEEDS_ORACLES();
  check_kind("sigmoid_losses", true);
}

}  // namespace
}  // namespace segbench::losses
