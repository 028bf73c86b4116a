// SPDX-License-Identifier: MIT
#include "harness/core/measures.h"

#include <fmt/format.h>

namespace segbench::core {

std::string_view to_string(Scope scope) {
  return scope == Scope::kPooled ? "split" : "trial";
}

std::string measures_table() {
  std::string text = "| key | formula | of a | unit | better |\n|---|---|---|---|---|\n";
  for (const Measure& measure : kMeasures) {
    text +=
        fmt::format("| `{}` | {} | {} | {} | {} |\n", measure.key, measure.formula, to_string(measure.scope),
                    measure.unit.empty() ? "–" : measure.unit, measure.higher_is_better ? "higher" : "lower");
  }
  return text;
}

}  // namespace segbench::core
