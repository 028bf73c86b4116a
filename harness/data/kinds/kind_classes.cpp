// SPDX-License-Identifier: MIT
#include "harness/data/kinds/kind_classes.h"

#include "harness/core/class_list.h"

namespace segbench::data {

void set_kind_classes(const std::string& kind, Catalogue& catalogue) {
  const core::PartSpec& spec = core::PartRegistry::instance().get(core::PartKind::kDataSet, kind);
  for (const core::ListedClass& listed : core::listed_classes(spec)) {
    catalogue.coding.class_values.push_back(listed.value);
    catalogue.classes.push_back({listed.name, listed.colour});
  }
}

}  // namespace segbench::data
