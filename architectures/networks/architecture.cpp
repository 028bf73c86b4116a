// SPDX-License-Identifier: MIT
#include "architectures/networks/architecture.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "architectures/encoders/encoder.h"
#include "architectures/graph/freeze.h"
#include "harness/core/error.h"
#include "harness/core/text.h"

namespace segbench::architectures {
namespace {

std::map<std::string, Architecture, std::less<>>& architecture_registry() {
  static std::map<std::string, Architecture, std::less<>> architectures;
  return architectures;
}

std::vector<std::string> size_names(const Architecture& architecture) {
  std::vector<std::string> names;
  for (const Size& size : architecture.sizes) names.push_back(size.name);
  return names;
}

const Size* find_size(const Architecture& architecture, std::string_view name) {
  const auto found = std::find_if(architecture.sizes.begin(), architecture.sizes.end(),
                                  [&](const Size& size) { return size.name == name; });
  return found == architecture.sizes.end() ? nullptr : &*found;
}

std::string unknown_size(const Architecture& architecture, std::string_view size) {
  const std::vector<std::string> names = size_names(architecture);
  return fmt::format("{} has no size \"{}\"; its sizes: {}{}", architecture.spec.name, size,
                     fmt::join(names, ", "), core::did_you_mean(size, names));
}

/// What is wrong with an architecture's resolved parameters, at this size.
std::vector<core::PartProblem> param_problems(const Architecture& architecture, const Size& size,
                                              const core::Json& params) {
  std::vector<core::PartProblem> problems = encoder_problems(architecture.spec, params);
  const auto encoder = std::find_if(architecture.spec.params.begin(), architecture.spec.params.end(),
                                    [](const core::ParamSpec& param) { return param.name == "encoder"; });
  if (size.name == "published" && has_encoder(params) && params.at("encoder") != encoder->default_value) {
    problems.push_back(
        {"model.encoder", fmt::format("must not be set (it is {}) with size published, which is a published "
                                      "network as a whole",
                                      params.at("encoder").dump())});
  }
  return problems;
}

/// The contradictions of a resolved variant (harness/core/variant.h) with an architecture.
std::vector<core::PartProblem> check(const Architecture& architecture, const core::Json& variant) {
  const std::string size_name = variant.at("model").at("size");
  const Size* size = find_size(architecture, size_name);
  if (size == nullptr) return {{"model.size", unknown_size(architecture, size_name)}};
  const core::Json params =
      core::with_defaults(architecture.spec, variant.at("model").value("params", core::Json::object()));
  std::vector<core::PartProblem> problems = param_problems(architecture, *size, params);
  const core::Json& resolution = variant.at("data").at("resolution");
  if (!resolution.is_array() || resolution.size() != 2) return problems;  // "native": the images decide
  const std::string problem = too_small_for(architecture.spec.name + " " + size_name,
                                            stride_of(*size, params), resolution[0], resolution[1]);
  if (!problem.empty()) problems.push_back({"data.resolution", problem});
  return problems;
}

}  // namespace

std::int64_t Build::channels(std::int64_t at_width_one) const {
  return std::max<std::int64_t>(1, std::llround(static_cast<double>(at_width_one) * width));
}

BatchNorm Build::batch_norm() const {
  const std::optional<BatchNorm> chosen = batch_norm_of(params);
  SEGBENCH_CHECK(chosen, "an architecture with batch normalisation, but without its parameters");
  return *chosen;
}

std::optional<BatchNorm> batch_norm_of(const core::Json& params) {
  if (!params.contains("batch_norm_momentum")) return std::nullopt;
  const auto value = [&](const char* name, double of_pytorch, double of_keras) {
    const core::Json& chosen = params.at(name);
    return chosen.is_null() ? (has_encoder(params) ? of_pytorch : of_keras) : chosen.get<double>();
  };
  return BatchNorm{.momentum = value("batch_norm_momentum", 0.9, 0.99),
                   .epsilon = value("batch_norm_epsilon", 1e-5, 1e-3)};
}

ArchitectureRegistration::ArchitectureRegistration(Architecture architecture) {
  architecture.spec.kind = core::PartKind::kArchitecture;
  core::PartSpec part = architecture.spec;
  part.check = [name = part.name](const core::Json&, const core::Json& variant) {
    return check(architectures::architecture(name), variant);
  };
  core::PartRegistry::instance().add(std::move(part));
  const std::string name = architecture.spec.name;
  architecture_registry().emplace(name, std::move(architecture));
}

const Architecture& architecture(std::string_view name) {
  core::PartRegistry::instance().get(core::PartKind::kArchitecture, name);
  const auto found = architecture_registry().find(name);
  if (found != architecture_registry().end()) return found->second;
  throw core::UserError(fmt::format("{} has no layers of its own: its networks are read from files", name));
}

bool is_read_from_file(const std::string& name) {
  return core::PartRegistry::instance()
      .get(core::PartKind::kArchitecture, name)
      .traits.value("needs_file", false);
}

const Size& size_of(const Architecture& architecture, std::string_view size) {
  if (const Size* found = find_size(architecture, size)) return *found;
  throw core::UserError(fmt::format("model.size: {}", unknown_size(architecture, size)));
}

core::Json resolved_params(const Architecture& architecture, const core::Json& given) {
  const core::PartSpec& spec = architecture.spec;
  std::vector<std::string> names;
  for (const core::ParamSpec& param : spec.params) names.push_back(param.name);
  for (const auto& [name, value] : given.items()) {
    const auto param = std::find(names.begin(), names.end(), name);
    if (param == names.end()) {
      throw core::UserError(fmt::format("{} has no parameter \"{}\"; its parameters: {}{}", spec.name, name,
                                        fmt::join(names, ", "), core::did_you_mean(name, names)));
    }
    const auto index = static_cast<std::size_t>(param - names.begin());
    if (const auto problem = core::check_param(spec.params[index], value)) {
      throw core::UserError(fmt::format("{} of {} {}", name, spec.name, *problem));
    }
  }
  core::Json params = core::with_defaults(spec, given);
  for (const core::PartProblem& problem : encoder_problems(spec, params)) {
    throw core::UserError(fmt::format("{}: {}", problem.key, problem.message));
  }
  return params;
}

int stride_of(const Size& size, const core::Json& params) {
  return has_encoder(params) ? 32 : size.stride;
}

std::vector<core::ParamSpec> batch_norm_params(const std::vector<core::ParamSpec>& more) {
  std::vector<core::ParamSpec> params = {
      {.name = "batch_norm_momentum",
       .types = core::kNumber,
       .default_value = 0.99,
       .help = "fraction of the moving mean and variance kept at each step (Keras' convention; PyTorch's "
               "momentum is 1 minus it)",
       .minimum = 0,
       .maximum = 1,
       .exclusive_maximum = true},
      {.name = "batch_norm_epsilon",
       .types = core::kNumber,
       .default_value = 1e-3,
       .help = "added to the variance before its square root",
       .minimum = 0,
       .maximum = {},
       .exclusive_minimum = true}};
  params.insert(params.end(), more.begin(), more.end());
  return params;
}

std::vector<core::ParamSpec> decoder_batch_norm_params(const std::vector<core::ParamSpec>& more) {
  std::vector<core::ParamSpec> params = batch_norm_params();
  params[0].default_value = params[1].default_value = core::Json();
  params[0].help += "; not used in the encoder; default: 0.9, but Keras' 0.99 for size published";
  params[0].when_null = [](const core::Json&, const core::Json& variant) {
    return variant.at("model").at("size") == "published" ? 0.99 : 0.9;
  };
  params[1].help += "; not used in the encoder; default: 1e-5 with an encoder, as in PyTorch, else 1e-3";
  params[1].when_null = [](const core::Json& own, const core::Json&) {
    return has_encoder(own) ? 1e-5 : 1e-3;
  };
  params.insert(params.end(), more.begin(), more.end());
  return params;
}

core::ParamSpec dropout_param(const core::Json& default_value, const std::string& help) {
  return {.name = "dropout",
          .types = core::kNumber,
          .default_value = default_value,
          .help = help,
          .minimum = 0,
          .maximum = 1,
          .exclusive_maximum = true};
}

core::ParamSpec dropout_param_of_size(double rate, double published, const std::string& help) {
  core::ParamSpec param = dropout_param(core::Json(), help);
  param.when_null = [rate, published](const core::Json&, const core::Json& variant) {
    return variant.at("model").at("size") == "published" ? published : rate;
  };
  return param;
}

std::string too_small_for(std::string_view network, int stride, std::int64_t height, std::int64_t width) {
  if (height >= stride && width >= stride) return "";
  return fmt::format("{} x {} pixels are too few; {} needs images of at least {} x {} (height x width)",
                     height, width, network, stride, stride);
}

Graph build_graph(const NetworkOptions& options) {
  const Architecture& chosen = architecture(options.architecture);
  const Size& size = size_of(chosen, options.size);
  if (options.in_channels < 1 || options.num_outputs < 1 || !(options.width > 0) ||
      !std::isfinite(options.width)) {
    throw core::UserError(fmt::format(
        "a network needs at least 1 input channel, at least 1 output and a width greater than 0, but has "
        "{}, {} and {}",
        options.in_channels, options.num_outputs, options.width));
  }
  const core::Json params = resolved_params(chosen, options.params);
  for (const core::PartProblem& problem : param_problems(chosen, size, params))
    throw core::UserError(fmt::format("{}: {}", problem.key, problem.message));
  const int stride = stride_of(size, params);
  const std::string problem =
      too_small_for(chosen.spec.name + " " + size.name, stride, options.image_height, options.image_width);
  if (!problem.empty()) throw core::UserError("the input image: " + problem);

  Graph graph({options.in_channels, options.image_height, options.image_width});
  const Layers net(graph);
  const Value padded = net.pad_to_multiple("input_padding", graph.input(), chosen.any_size ? 1 : stride);
  const Value logits = chosen.build({.net = net,
                                     .size = size.name,
                                     .width = options.width,
                                     .num_outputs = options.num_outputs,
                                     .params = params},
                                    padded);
  SEGBENCH_CHECK(
      (net.shape(logits) == Shape{options.num_outputs, net.shape(padded).height, net.shape(padded).width}),
      "{} {} does not return logits of its input's size", options.architecture, options.size);
  net.crop_like("output_cropping", logits, graph.input());
  apply_freeze(graph, options.freeze);
  return graph;
}

}  // namespace segbench::architectures
