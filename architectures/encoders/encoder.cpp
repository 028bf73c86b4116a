// SPDX-License-Identifier: MIT
#include "architectures/encoders/encoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "harness/core/error.h"

namespace segbench::architectures {
namespace {

std::map<std::string, Encoder, std::less<>>& encoder_registry() {
  static std::map<std::string, Encoder, std::less<>> encoders;
  return encoders;
}

core::PartProblem problem_with(const char* key, std::string message) {
  return {fmt::format("model.{}", key), std::move(message)};
}

/// Of a parameter that means nothing here, because of `reason`.
void refuse_unless_default(const core::PartSpec& architecture, const core::Json& params, const char* key,
                           const std::string& reason, std::vector<core::PartProblem>& problems) {
  const auto spec = std::find_if(architecture.params.begin(), architecture.params.end(),
                                 [&](const core::ParamSpec& param) { return param.name == key; });
  if (spec == architecture.params.end() || params.at(key) == spec->default_value) return;
  problems.push_back(
      problem_with(key, fmt::format("must not be set (it is {}), since {}", params.at(key).dump(), reason)));
}

}  // namespace

std::int64_t EncoderBuild::channels(std::int64_t at_width_one) const {
  return std::max<std::int64_t>(1, std::llround(static_cast<double>(at_width_one) * width));
}

EncoderRegistration::EncoderRegistration(Encoder encoder) {
  core::PartRegistry::instance().add({.kind = core::PartKind::kEncoder,
                                      .name = encoder.name,
                                      .summary = encoder.summary,
                                      .source = encoder.source});
  const std::string name = encoder.name;
  encoder_registry().emplace(name, std::move(encoder));
}

const Encoder& encoder(std::string_view name) {
  core::PartRegistry::instance().get(core::PartKind::kEncoder, name);
  return encoder_registry().find(name)->second;
}

std::vector<std::string> encoder_names() {
  return core::PartRegistry::instance().names(core::PartKind::kEncoder);
}

EncoderGraph encoder_graph(std::string_view name, const Shape& image, double width, int output_stride) {
  Graph graph(image);
  const Features features = encoder(name).build(
      {.net = Layers(graph).in("encoder"), .width = width, .output_stride = output_stride, .drop_path = 0},
      graph.input());
  return {std::move(graph), features};
}

std::vector<core::ParamSpec> encoder_params(const core::Json& default_encoder, int default_output_stride,
                                            const std::vector<core::ParamSpec>& more) {
  std::vector<core::ParamSpec> params = {
      {.name = "encoder",
       .types = core::kString,
       .default_value = default_encoder,
       .help = default_encoder.is_null() ? "encoder that extracts the features; default: the paper's own"
                                         : "encoder that extracts the features",
       .minimum = {},
       .maximum = {},
       .choices_of = core::PartKind::kEncoder},
      {.name = "output_stride",
       .types = core::kInteger,
       .default_value = default_output_stride,
       .help = "ratio of the image's resolution to that of the encoder's last map: 8, 16 or 32; below 32, "
               "dilation replaces stride",
       .minimum = 8,
       .maximum = 32},
      {.name = "encoder_drop_path",
       .types = core::kNumber,
       .default_value = core::Json(),
       .help = "stochastic depth rate of the encoder's last block; default: the encoder's own",
       .minimum = 0,
       .maximum = 1,
       .exclusive_maximum = true,
       .when_null = [](const core::Json& own, const core::Json&) {
         if (!has_encoder(own)) return core::Json();
         const double rate = encoder(own.at("encoder").get<std::string>()).drop_path;
         return rate > 0 ? core::Json(rate) : core::Json();  // nothing may be set where there is none
       }}};
  params.insert(params.end(), more.begin(), more.end());
  return params;
}

bool has_encoder(const core::Json& params) {
  return params.contains("encoder") && params.at("encoder").is_string();
}

std::vector<core::PartProblem> encoder_problems(const core::PartSpec& architecture,
                                                const core::Json& params) {
  std::vector<core::PartProblem> problems;
  if (!has_encoder(params)) {
    for (const char* key : {"output_stride", "encoder_drop_path"}) {
      refuse_unless_default(architecture, params, key,
                            fmt::format("{} has no encoder set", architecture.name), problems);
    }
    return problems;
  }
  const Encoder& chosen = encoder(params.at("encoder").get<std::string>());
  const int stride = params.at("output_stride");
  if (stride != 32 && (!chosen.dilatable || (stride != 8 && stride != 16))) {
    problems.push_back(problem_with(
        "output_stride", fmt::format("must be {} with encoder {}, but is {}",
                                     chosen.dilatable ? "8, 16 or 32" : "32", chosen.name, stride)));
  }
  if (chosen.drop_path == 0) {
    refuse_unless_default(architecture, params, "encoder_drop_path",
                          fmt::format("encoder {} has no stochastic depth", chosen.name), problems);
  }
  return problems;
}

}  // namespace segbench::architectures
