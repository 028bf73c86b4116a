// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/core/part.h"

// The usual forms of ParamSpec, for tables of settings. No default: required.

namespace segbench::core::specs {

ParamSpec text(std::string name, std::optional<Json> default_value, std::string help,
               std::vector<std::string> choices = {});
ParamSpec integer(std::string name, std::optional<Json> default_value, double minimum,
                  std::optional<double> maximum, std::string help);
ParamSpec number(std::string name, std::optional<Json> default_value, double minimum,
                 std::optional<double> maximum, std::string help);
/// A number strictly between 0 and 1.
ParamSpec fraction(std::string name, std::optional<Json> default_value, std::string help);
ParamSpec flag(std::string name, std::optional<Json> default_value, std::string help);
/// A list of `types`, empty by default.
ParamSpec list(std::string name, std::uint32_t types, std::string help);
/// A file, none by default; "" in an experiment file stands for none.
ParamSpec file(std::string name, std::string help);
ParamSpec folder(std::string name, std::optional<Json> default_value, std::string help);
/// A part; where the default is null, "none" in an experiment file stands for it.
ParamSpec part(std::string name, PartKind kind, std::optional<Json> default_value, std::string help);
/// A list of parts.
ParamSpec parts(std::string name, PartKind kind, std::string help);

}  // namespace segbench::core::specs
