// SPDX-License-Identifier: MIT
#include "harness/cli/sensitivity_table.h"

#include <fmt/format.h>

#include "harness/core/optional_json.h"
#include "harness/text/numbers.h"

namespace segbench::cli {

using conclusions::Sensitivity;
using core::Json;

Table sensitivity_table(const conclusions::Conclusions& model, const std::vector<Sensitivity>& lines) {
  Table table{.columns = {{.key = "variant"}, number_column("seeds", 0)}};
  for (const char* key : {"mean", "median", "trimmed_mean", "median_deviation", "bca_low", "bca_high"})
    table.columns.push_back(number_column(key));
  for (const char* key : {"p_t", "p_sign_flip", "p_wilcoxon", "p_welch", "p_mann_whitney",
                          "p_false_discovery", "p_equivalent", "d_z", "g_z", "hedges_g", "cliffs_delta"})
    table.columns.push_back(number_column(key, 3));
  table.columns.push_back(number_column("told_apart", 0));
  table.columns.push_back(number_column("tests", 0));
  for (const Sensitivity& line : lines) {
    std::vector<Cell> row = {find_entry(model, line.variant)->label, line.seeds};
    for (const std::optional<double>& value :
         {line.mean, line.median, line.trimmed_mean, line.median_deviation,
          line.bca ? std::optional(line.bca->low) : std::nullopt,
          line.bca ? std::optional(line.bca->high) : std::nullopt, line.p_t, line.p_sign_flip,
          line.p_wilcoxon, line.p_welch, line.p_mann_whitney, line.p_false_discovery, line.p_equivalent,
          line.d_z, line.g_z, line.hedges_g, line.cliffs_delta})
      row.emplace_back(core::or_null(value));
    row.emplace_back(line.told_apart);
    row.emplace_back(line.tests);
    table.rows.push_back(std::move(row));
  }
  return table;
}

std::vector<std::string> sensitivity_lines(const conclusions::Conclusions& model,
                                           const std::vector<Sensitivity>& lines) {
  std::vector<std::string> sentences;
  for (const Sensitivity& line : lines) {
    const char* verdict = line.told_apart == 0            ? "no test tells"
                          : line.told_apart == line.tests ? "every test tells"
                                                          : "it depends on the test whether one tells";
    sentences.push_back(fmt::format(
        "{}: {} it from {} at 5 % ({} of {}, over {})", find_entry(model, line.variant)->label, verdict,
        model.leaderboard.at(0).label, line.told_apart, line.tests, text::plural(line.seeds, "seed")));
  }
  if (const auto agreement = rank_agreement(model))
    sentences.push_back(
        fmt::format("means on the selection and the {} split rank {} variants with a Spearman correlation of "
                    "{:.2f} and Kendall's tau-b of {:.2f}",
                    model.split, agreement->variants, agreement->spearman, agreement->kendall));
  return sentences;
}

}  // namespace segbench::cli
