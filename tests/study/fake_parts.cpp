// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "harness/core/part.h"

// Parts of every kind under names that no real part has, so that these tests neither depend on the real
// parts' parameters nor change with them.

namespace segbench::study {
namespace {

using core::Json;
using core::ParamSpec;
using core::PartKind;
using core::PartProblem;
using core::PartRegistration;

ParamSpec number(std::string name, std::optional<Json> default_value, double minimum, double maximum) {
  return {.name = std::move(name),
          .types = core::kNumber,
          .default_value = std::move(default_value),
          .help = "a number",
          .minimum = minimum,
          .maximum = maximum};
}

ParamSpec of_type(ParamSpec spec, std::uint32_t types) {
  spec.types = types;
  return spec;
}

ParamSpec flag(std::string name) {
  return {.name = std::move(name),
          .types = core::kBool,
          .default_value = false,
          .help = "a flag",
          .minimum = {},
          .maximum = {}};
}

ParamSpec above_zero(ParamSpec spec) {
  spec.exclusive_minimum = true;
  return spec;
}

const PartRegistration streets{
    {.kind = PartKind::kDataSet,
     .name = "fake_streets",
     .summary = "needs a folder, has official splits and three classes",
     .source = "",
     .params = {flag("coarse")},
     .traits = {{"needs_root", true},
                {"default_splits", {{"train", "train"}, {"selection", "val"}, {"test", "test"}}},
                {"default_resolution", {96, 128}},
                {"num_classes", 3}}}};

const PartRegistration blobs{
    {.kind = PartKind::kDataSet,
     .name = "fake_blobs",
     .summary = "built in",
     .source = "",
     .params = {of_type(number("samples", 100, 1, 1e6), core::kInteger)},
     .traits = {{"needs_root", false},
                {"default_splits", {{"train", "train"}, {"selection", 0.2}, {"test", "test"}}},
                {"default_resolution", {64, 64}},
                {"num_classes", 3}}}};

const PartRegistration bare{{.kind = PartKind::kDataSet,
                             .name = "fake_bare",
                             .summary = "without traits",
                             .source = "",
                             .params = {}}};

std::vector<PartProblem> must_be_halved(const Json& params, const Json& variant) {
  const auto depth = params["depth"].get<std::int64_t>();
  const Json& resolution = variant["data"]["resolution"];
  if (resolution.is_string()) return {};
  for (const Json& side : resolution) {
    if (side.get<std::int64_t>() % (1 << depth) == 0) continue;
    return {{"data.resolution",
             fmt::format("found a side of {}, which cannot be halved {} times", side.dump(), depth)}};
  }
  return {};
}

std::vector<PartProblem> knows_size(const Json&, const Json& variant) {
  if (variant["model"]["size"] != "published") return {};
  return {{"model.size", "found \"published\"; allowed: small, medium, full"}};
}

const PartRegistration halving{
    {.kind = PartKind::kArchitecture,
     .name = "fake_halving",
     .summary = "halves its input depth times",
     .source = "",
     .params = {of_type(number("depth", 4, 1, 8), core::kInteger), number("dropout", 0, 0, 0.9)},
     .check = must_be_halved}};

const PartRegistration flat{{.kind = PartKind::kArchitecture,
                             .name = "fake_flat",
                             .summary = "takes any input",
                             .source = "",
                             .params = {},
                             .check = knows_size}};

std::vector<PartProblem> weights_fit(const Json& params, const Json&) {
  const Json& weights = params["class_weights"];
  if (!weights.is_array() || weights.size() == 3) return {};
  return {{".class_weights", fmt::format("found {} weights; allowed: 3", weights.size())}};
}

const PartRegistration entropy{{.kind = PartKind::kLoss,
                                .name = "fake_entropy",
                                .summary = "with class weights",
                                .source = "",
                                .params = {{.name = "class_weights",
                                            .types = core::kString | core::kNumberList,
                                            .default_value = "none",
                                            .help = "weights",
                                            .minimum = 0.0,
                                            .maximum = {},
                                            .choices = {"none", "inverse"}}},
                                .traits = {{"head", "softmax"}},
                                .check = weights_fit}};

const PartRegistration margin{{.kind = PartKind::kLoss,
                               .name = "fake_margin",
                               .summary = "with a required parameter",
                               .source = "",
                               .params = {above_zero(number("margin", std::nullopt, 0, 10))},
                               .traits = {{"head", "sigmoid"}}}};

Json head_of(const Json& loss) {
  const core::PartSpec& spec =
      core::PartRegistry::instance().get(PartKind::kLoss, loss.at("name").get<std::string>());
  return core::traits_of(spec, loss).at("head");
}

const PartRegistration mild{{.kind = PartKind::kLoss,
                             .name = "fake_mild",
                             .summary = "a loss of a loss",
                             .params = {{.name = "inner",
                                         .types = core::kPart,
                                         .default_value = Json::object({{"name", "fake_entropy"}}),
                                         .help = "the loss that is softened",
                                         .part_of = PartKind::kLoss}},
                             .param_traits = [](const Json& params) {
                               return Json{{"head", head_of(params.at("inner"))}};
                             }}};

const PartRegistration descent{{.kind = PartKind::kOptimizer,
                                .name = "fake_descent",
                                .summary = "with a required learning rate",
                                .source = "",
                                .params = {above_zero(number("learning_rate", std::nullopt, 0, 10)),
                                           number("momentum", 0, 0, 1), flag("nesterov")}}};

const PartRegistration adaptive{
    {.kind = PartKind::kOptimizer,
     .name = "fake_adaptive",
     .summary = "with defaults for everything",
     .source = "",
     .params = {above_zero(number("learning_rate", 0.001, 0, 10)),
                of_type(number("betas", Json::array({0.9, 0.999}), 0, 1), core::kNumberList),
                number("clip", nullptr, 0, 10)}}};

const PartRegistration flip{{.kind = PartKind::kAugmentation,
                             .name = "fake_flip",
                             .summary = "flips",
                             .source = "",
                             .params = {number("probability", 0.5, 0, 1)}}};

const PartRegistration turn{{.kind = PartKind::kAugmentation,
                             .name = "fake_turn",
                             .summary = "turns",
                             .source = "",
                             .params = {number("degrees", std::nullopt, 0, 180)}}};

}  // namespace
}  // namespace segbench::study
