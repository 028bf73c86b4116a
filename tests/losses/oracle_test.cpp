// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>
#include <torch/torch.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "harness/losses/loss.h"
#include "tests/support/npy.h"
#include "tests/support/oracles.h"

// Values and gradients of every loss of the golden numbers, in double and in single precision.

namespace segbench::losses {
namespace {

using torch::Tensor;

struct Known {
  core::PartChoice choice;
  std::vector<double> weights;
};

/// Losses of probabilities, which have the names that Keras gives them.
Known translate_probability_loss(const std::string& name, const core::Json& params, const std::string& head) {
  core::Json ours = {{"weight_normalisation", "pixels"}, {"head", head}};
  if (params.contains("smooth")) ours["smooth"] = params["smooth"];
  return {{name.substr(name.find('.') + 1), ours}, {}};
}

/// Losses of regions and the focal losses, whose settings stand in `params`.
std::optional<Known> translate_region_loss(const std::string& name, const core::Json& params,
                                           const std::string& head) {
  const auto region = [&](const char* ours, core::Json settings) {
    settings["head"] = head;
    settings["smooth"] = params.at("smooth");
    return Known{{ours, settings}, {}};
  };
  if (name == "sm.dice_loss_per_image") return region("dice", {{"over", "image"}});
  if (name == "sm.dice_loss" || name == "dice_loss_smooth1" || name == "sm.dice_loss_valid_pixels_only")
    return region("dice", core::Json::object());
  if (name == "sm.jaccard_loss") return region("jaccard", core::Json::object());
  if (name == "tversky_loss")
    return region("tversky", {{"alpha", params.at("alpha_fp")}, {"beta", params.at("beta_fn")}});
  if (name.rfind("lovasz_", 0) != 0) return std::nullopt;
  const char* over = params.at("per_image").get<bool>() ? "image" : "batch";
  if (head == "sigmoid") return Known{{"lovasz_hinge", {{"over", over}}}, {}};
  return Known{{"lovasz_softmax", {{"over", over}, {"classes", params.at("classes")}}}, {}};
}

/// The losses of segmentation_models that add two of its losses up.
std::optional<Known> translate_sum(const std::string& name, const core::Json& params, const std::string& head,
                                   std::int64_t classes);

/// `classes`: how many the logits have.
std::optional<Known> translate_focal(const std::string& name, const core::Json& params,
                                     const std::string& head, std::int64_t classes) {
  const auto focal = [&](double clip, std::vector<double> weights) {
    return Known{
        {"focal",
         {{"head", head}, {"gamma", params.at("gamma")}, {"clip", clip}, {"weight_normalisation", "pixels"}}},
        std::move(weights)};
  };
  const double alpha = params.value("alpha", 1.0);
  const auto all = [&](double weight) { return std::vector(static_cast<std::size_t>(classes), weight); };
  if (name == "keras.categorical_focal_crossentropy") return focal(1e-7, all(alpha));
  if (name == "sm.categorical_focal_loss") return focal(1e-7, all(alpha / static_cast<double>(classes)));
  if (name == "keras.binary_focal_crossentropy") return focal(1e-7, {});
  if (name == "keras.binary_focal_crossentropy_balanced") return focal(1e-7, {1 - alpha, alpha});
  if (name != "sm.binary_focal_loss") return std::nullopt;
  Known before = focal(1e-7, {1 - alpha, alpha});
  before.choice.params["clipping"] = "before";
  return before;
}

/// How a loss of the oracle is said in Segbench's words.
Known translate(const std::string& name, const core::Json& entry, const std::string& head,
                std::int64_t classes) {
  const core::Json params = entry.value("params", core::Json::object());
  const auto weights = params.value("class_weights", std::vector<double>());
  const auto cross_entropy = [&](const char* normalisation, double clip) {
    return Known{{"cross_entropy", {{"weight_normalisation", normalisation}, {"clip", clip}}}, weights};
  };
  if (name == "keras.categorical_crossentropy") return cross_entropy("pixels", 1e-7);
  if (name == "categorical_crossentropy_from_logits" || name == "cce_from_logits_mean_over_valid") {
    return cross_entropy("pixels", 0);
  }
  if (name == "cce_from_logits_mean_over_all_pixels") return cross_entropy("all_pixels", 0);
  if (name.rfind("weighted_cce_", 0) == 0)
    return cross_entropy(name.ends_with("_mean_over_pixels") ? "pixels" : "weights", 1e-7);
  const auto binary = [&](double clip, std::vector<double> class_weights) {
    return Known{
        {"binary_cross_entropy", {{"weight_normalisation", "pixels"}, {"clip", clip}, {"head", head}}},
        std::move(class_weights)};
  };
  if (name == "binary_crossentropy_from_logits") return binary(0, {});
  if (name == "weighted_bce_from_logits_pos_weight") return binary(0, {1.0, params.at("pos_weight")});
  if (name == "keras.binary_crossentropy") return binary(1e-7, {});
  if (const auto focal = translate_focal(name, params, head, classes)) return *focal;
  if (const auto region = translate_region_loss(name, params, head)) return *region;
  if (const auto sum = translate_sum(name, params, head, classes)) return *sum;
  return translate_probability_loss(name, params, head);
}

std::optional<Known> translate_sum(const std::string& name, const core::Json& params, const std::string& head,
                                   std::int64_t classes) {
  const std::map<std::string, std::array<const char*, 2>> sums = {
      {"sm.bce_dice_loss", {"keras.binary_crossentropy", "sm.dice_loss"}},
      {"sm.bce_jaccard_loss", {"keras.binary_crossentropy", "sm.jaccard_loss"}},
      {"sm.binary_focal_dice_loss", {"sm.binary_focal_loss", "sm.dice_loss"}},
      {"sm.categorical_focal_dice_loss", {"sm.categorical_focal_loss", "sm.dice_loss"}}};
  const auto sum = sums.find(name);
  if (sum == sums.end()) return std::nullopt;
  core::Json terms = core::Json::array();
  for (const char* term : sum->second) {
    const Known known = translate(term, {{"params", params}}, head, classes);
    terms.push_back(known.choice.params);
    terms.back()["name"] = known.choice.name;
    if (!known.weights.empty()) terms.back()["class_weights"] = known.weights;
  }
  return Known{{"sum", {{"terms", terms}}}, {}};
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
  int checked = 0;
  for (const tests::OracleCase& oracle : tests::oracle_cases(kind)) {
    const OracleBatch batch = read_batch(oracle);
    const int num_classes = sigmoid ? 2 : static_cast<int>(batch.logits.size(3));
    const bool is_saturated =
        oracle.json.value("saturated_logits", false) || batch.logits.abs().max().item<double>() > 15;
    const double tolerance = is_saturated ? 1e-8 : 1e-10;
    for (const core::Json& entry : oracle.json.at("losses")) {
      const std::string name = entry.at("loss");
      SCOPED_TRACE(oracle.file.filename().string() + " " + name);
      const Known known = translate(name, entry, sigmoid ? "sigmoid" : "softmax", num_classes);
      core::PartChoice choice = known.choice;
      if (!known.weights.empty()) choice.params["class_weights"] = known.weights;
      const auto loss = make_loss(choice, {num_classes});
      const auto unfused = make_loss(choice, {num_classes, /*fused=*/false});
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
