// SPDX-License-Identifier: MIT
#include "harness/augmentations/registration.h"

#include <fmt/format.h>

namespace segbench::augmentations {
namespace {

using core::Json;

std::string_view to_string(EffectKind kind) {
  switch (kind) {
    case EffectKind::kPermutation:
      return "permutation";
    case EffectKind::kGeometry:
      return "geometry";
    case EffectKind::kValues:
      return "values";
    case EffectKind::kErasing:
      return "erasing";
    case EffectKind::kMixing:
      return "mixing";
    case EffectKind::kChoice:
      return "choice";
    case EffectKind::kSampling:
      return "sampling";
  }
  throw core::InternalError("an unknown kind of effect");
}

/// Ranges have two ends in order; colour needs three channels.
std::vector<core::PartProblem> check(const std::vector<std::string>& ranges, bool needs_colour,
                                     const Json& params, const Json& variant) {
  std::vector<core::PartProblem> problems;
  for (const std::string& range : ranges) {
    const Json& ends = params.at(range);
    if (ends.size() == 2 && ends[0] <= ends[1]) continue;
    problems.push_back(
        {"." + range, fmt::format("must be [low, high] with low <= high, but is {}", ends.dump())});
  }
  const int channels = variant.at("data").value("channels", 3);
  if (needs_colour && channels != 3)
    problems.push_back(
        {".name",
         fmt::format("changes red, green and blue and needs data.channels = 3, but there are {}", channels)});
  return problems;
}

}  // namespace

Registration::Registration(Part part) {
  std::vector<std::string> ranges;
  for (const core::ParamSpec& param : part.params) {
    if ((param.types & core::kNumberList) != 0) ranges.push_back(param.name);
  }
  std::vector<core::ParamSpec> params = {{.name = "probability",
                                          .types = core::kNumber,
                                          .default_value = part.probability,
                                          .help = "probability that a sample is changed",
                                          .minimum = 0.0,
                                          .maximum = 1.0}};
  params.insert(params.end(), part.params.begin(), part.params.end());
  core::PartRegistry::instance().add(
      {.kind = core::PartKind::kAugmentation,
       .name = part.name,
       .summary = part.summary,
       .source = part.source,
       .params = params,
       .traits = {{"effect", to_string(part.effect)}, {"needs_colour", part.needs_colour}},
       .check = [ranges, colour = part.needs_colour](const Json& resolved, const Json& variant) {
         return check(ranges, colour, resolved, variant);
       }});
  AugmentationFactory::Registration(part.name, [make = part.make](const Json& resolved) {
    return std::make_unique<Augmentation>(
        Augmentation{.probability = resolved.at("probability"), .draw = make(resolved)});
  });
}

Range::Range(const Json& params, const std::string& name)
    : low(params.at(name).at(0)), high(params.at(name).at(1)) {}

core::ParamSpec range_param(const std::string& name, double low, double high, const std::string& help,
                            double minimum, double maximum) {
  return {.name = name,
          .types = core::kNumberList,
          .default_value = Json::array({low, high}),
          .help = help + ": drawn between the two",
          .minimum = minimum,
          .maximum = maximum};
}

}  // namespace segbench::augmentations
