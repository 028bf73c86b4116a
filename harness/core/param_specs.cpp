// SPDX-License-Identifier: MIT
#include "harness/core/param_specs.h"

#include <utility>

namespace segbench::core::specs {
namespace {

ParamSpec of_type(std::uint32_t types, std::string name, std::optional<Json> default_value,
                  std::string help) {
  return {.name = std::move(name),
          .types = types,
          .default_value = std::move(default_value),
          .help = std::move(help)};
}

}  // namespace

ParamSpec text(std::string name, std::optional<Json> default_value, std::string help,
               std::vector<std::string> choices) {
  ParamSpec spec = of_type(kString, std::move(name), std::move(default_value), std::move(help));
  spec.choices = std::move(choices);
  return spec;
}

ParamSpec integer(std::string name, std::optional<Json> default_value, double minimum,
                  std::optional<double> maximum, std::string help) {
  ParamSpec spec = of_type(kInteger, std::move(name), std::move(default_value), std::move(help));
  spec.minimum = minimum;
  spec.maximum = maximum;
  return spec;
}

ParamSpec number(std::string name, std::optional<Json> default_value, double minimum,
                 std::optional<double> maximum, std::string help) {
  ParamSpec spec = integer(std::move(name), std::move(default_value), minimum, maximum, std::move(help));
  spec.types = kNumber;
  return spec;
}

ParamSpec fraction(std::string name, std::optional<Json> default_value, std::string help) {
  ParamSpec spec = number(std::move(name), std::move(default_value), 0, 1, std::move(help));
  spec.exclusive_minimum = spec.exclusive_maximum = true;
  return spec;
}

ParamSpec flag(std::string name, std::optional<Json> default_value, std::string help) {
  return of_type(kBool, std::move(name), std::move(default_value), std::move(help));
}

ParamSpec list(std::string name, std::uint32_t types, std::string help) {
  return of_type(types, std::move(name), Json::array(), std::move(help));
}

ParamSpec file(std::string name, std::string help) {
  ParamSpec spec = of_type(kFile, std::move(name), Json(), std::move(help));
  spec.null_word = "";
  return spec;
}

ParamSpec folder(std::string name, std::optional<Json> default_value, std::string help) {
  return of_type(kFolder, std::move(name), std::move(default_value), std::move(help));
}

ParamSpec part(std::string name, PartKind kind, std::optional<Json> default_value, std::string help) {
  ParamSpec spec = of_type(kPart, std::move(name), std::move(default_value), std::move(help));
  spec.part_of = kind;
  if (spec.default_value && spec.default_value->is_null()) spec.null_word = "none";
  return spec;
}

ParamSpec parts(std::string name, PartKind kind, std::string help) {
  ParamSpec spec = of_type(kPartList, std::move(name), std::nullopt, std::move(help));
  spec.part_of = kind;
  return spec;
}

}  // namespace segbench::core::specs
