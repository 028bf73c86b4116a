// SPDX-License-Identifier: MIT
#include "harness/core/variant_field_tables.h"

namespace segbench::core {

std::vector<VariantField> stopping_fields() {
  ParamSpec patience = specs::integer(
      "early_stopping_patience", Json(), 1, kMostEpochs,
      "training ends after so many evaluations in a row in which `select_by` has not improved on its best");
  patience.null_word = "none";
  ParamSpec stop_at = specs::number(
      "stop_at", Json(), 0, std::nullopt,
      "training ends when `select_by` reaches this value on the selection split, going up or down as the "
      "metric does");
  stop_at.minimum.reset();  // a loss may be below 0
  stop_at.null_word = "none";
  return {sparse(training(&TrainingConfig::early_stopping_patience, std::move(patience))),
          sparse(training(&TrainingConfig::early_stopping_min_delta,
                          specs::number("early_stopping_min_delta", 0.0, 0, std::nullopt,
                                        "an improvement that does not exceed this is none"))),
          sparse(training(&TrainingConfig::stop_at, std::move(stop_at)))};
}

}  // namespace segbench::core
