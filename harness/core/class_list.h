// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
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

/// New name to the names of the classes that it unites ([data] merge).
using ClassMerge = std::map<std::string, std::vector<std::string>>;

/// What is wrong with merging these classes; "" when nothing is.
std::string merge_problem(const std::vector<std::string>& names, const ClassMerge& merge);

/// The classes after merging: a new one stands where the first of those that it unites stood.
struct MergedClasses {
  std::vector<std::string> names;
  std::vector<std::size_t> index_of;  ///< the new index of each old class
  std::vector<std::size_t> first_of;  ///< the first old class of each new one
};
/// Throws core::UserError with merge_problem().
MergedClasses merge_classes(const std::vector<std::string>& names, const ClassMerge& merge);

/// How many classes a variant's data have, given "data" of its stored form; empty where it is not known.
std::optional<std::int64_t> num_classes_of(const Json& data);

}  // namespace segbench::core
