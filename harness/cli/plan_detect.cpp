// SPDX-License-Identifier: MIT
#include "harness/cli/plan_detect.h"

#include <algorithm>
#include <cmath>

#include "harness/core/optional_json.h"
#include "results/statistics/power.h"

namespace segbench::cli {
Table detection_table(const conclusions::Conclusions& model, double difference) {
  Table table{.columns = {{.key = "variant"},
                          {.key = "against"},
                          number_column("seeds", 0),
                          number_column("sd"),
                          number_column("power_now", 2),
                          number_column("needed", 0),
                          number_column("more", 0),
                          number_column("more_hours", 1)}};
  for (const conclusions::PairedDifference& pair : model.to_best) {
    const conclusions::Entry* candidate = find_entry(model, pair.candidate);
    const conclusions::Entry* reference = find_entry(model, pair.reference);
    const auto n = static_cast<double>(pair.difference.values.size());
    std::optional<double> power, needed, more, hours;
    if (pair.difference.sd && *pair.difference.sd > 0) {
      const double effect = difference / *pair.difference.sd;
      power = statistics::power(effect, n);
      if (const auto real = statistics::needed_n(effect, 0.8, 0.05, statistics::Design::kPaired, 1e5))
        needed = std::max(std::ceil(*real), static_cast<double>(conclusions::kSeedsForVerdict));
    }
    if (needed) more = std::max(0.0, *needed - n);
    const std::optional<double>&first = candidate->train_seconds.mean,
          &second = reference->train_seconds.mean;
    if (more && first && second) hours = *more * (*first + *second) / 3600;
    table.rows.push_back({candidate->label, reference->label, pair.difference.values.size(),
                          core::or_null(pair.difference.sd), core::or_null(power), core::or_null(needed),
                          core::or_null(more), core::or_null(hours)});
  }
  return table;
}

}  // namespace segbench::cli
