// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "harness/data/kinds/catalogue.h"

namespace segbench::data {

/// Gives the catalogue the classes that its kind lists (trait "classes"), with what masks store for them.
void set_kind_classes(const std::string& kind, Catalogue& catalogue);

}  // namespace segbench::data
