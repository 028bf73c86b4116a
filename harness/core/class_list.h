// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "harness/core/part.h"

namespace segbench::core {

/// One class of a kind of data set that has classes of its own.
struct ListedClass {
  std::string name;
  std::array<std::uint8_t, 3> colour{};  ///< RGB
  int value = 0;                         ///< what masks store for it
};

/// As the trait "classes" of a kind: [[name, "#rrggbb", value], …].
Json class_trait(const std::vector<ListedClass>& classes);
/// The other way round; empty for a kind whose classes are given by the parameter "classes".
std::vector<ListedClass> listed_classes(const PartSpec& kind);

/// The names of a data set's classes: the parameter "classes", else the kind's own; empty where neither is
/// known.
std::vector<std::string> class_names(const PartSpec& kind, const Json& params);

}  // namespace segbench::core
