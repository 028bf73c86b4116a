// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>

#include "harness/text/html.h"
#include "harness/text/metrics.h"
#include "harness/text/numbers.h"
#include "harness/text/utf8.h"
#include "reports/model/labels.h"
#include "reports/tables/cells.h"
#include "reports/tables/queries.h"
#include "reports/tables/tables.h"
#include "results/conclusions/summarise.h"

namespace segbench::reports {
namespace {

std::string label_of(const ReportModel& model, const std::string& variant) {
  const Entry* entry = find_entry(model, variant);
  return entry == nullptr ? text::kUndefined : text::clean(entry->label);
}

}  // namespace

text::Table differences_table(const ReportModel& model) {
  std::vector<const Quantity*> summaries;
  for (const PairedDifference& pairs : model.to_best) summaries.push_back(&pairs.difference);
  const int digits = conclusions::digits_for(summaries);
  text::Table table{
      .name = "differences",
      .caption = fmt::format(
          "Difference of {} to the leader, {}, paired by seed, with its 95% interval over seeds "
          "alone.{}",
          text::metric_title(model.metric), label_of(model, model.verdict.leader), images_text(model)),
      .columns = {{"variant", "Variant"},
                  {"reference", "", false, text::Where::kData},
                  {"difference", "Mean difference", true},
                  {"interval", "95% interval", true, text::Where::kShown},
                  {"interval_low", "", true, text::Where::kData},
                  {"interval_high", "", true, text::Where::kData},
                  {"seeds", "Common seeds", true},
                  {"p_t", "p", true, text::Where::kEverywhere, "paired t test, two-sided"},
                  {"p_holm", "p, corrected", true, text::Where::kEverywhere,
                   "the same, corrected for all pairs of variants (Holm)"},
                  {"p_sign_flip", "Exact p", true, text::Where::kEverywhere,
                   "sign-flip permutation test over all sign vectors"},
                  {"p_wilcoxon", "", true, text::Where::kData},
                  {"effect", "Effect d_z", true, text::Where::kEverywhere,
                   "mean difference over its standard deviation"},
                  {"improvement", text::higher_is_better(model.metric) ? "P(better)" : "P(larger)", true,
                   text::Where::kEverywhere,
                   "probability that a trial of it has the larger value (Vargha and Delaney's A12)"}},
      .rows = {}};
  const std::string query = score_query(model.metric, model.split);
  for (const auto& [key, statistic] :
       {std::pair{"difference", "mean difference, paired by seed"},
        {"interval", "95% t interval of the mean difference"},
        {"seeds", "number of the seeds that both have"},
        {"p_t", "p of the paired t test"},
        {"p_holm", "the same after Holm’s correction over all pairs of variants"},
        {"p_sign_flip", "p of the sign-flip test"},
        {"p_wilcoxon", "p of Wilcoxon’s signed-rank test"},
        {"effect", "mean difference over its standard deviation"},
        {"improvement", "share of the pairs of a trial of each in which the variant’s is larger"}})
    set_query(table, key, query, statistic);
  const auto cell = [](std::optional<double> value, const std::vector<std::string>& trials) {
    return text::number_cell(value, 2, trials, "too few seeds, or no spread");
  };
  for (const PairedDifference& pairs : model.to_best) {
    Quantity d = pairs.difference;
    d.trials.insert(d.trials.end(), pairs.reference_trials.begin(), pairs.reference_trials.end());
    table.rows.push_back(
        {text::Cell(label_of(model, pairs.candidate)), text::Cell(label_of(model, pairs.reference)),
         text::number_cell(d.mean, d.mean ? text::signed_fixed(*d.mean, digits) : "", d.trials,
                           d.why_undefined),
         interval_cell(d, digits), end_cell(d, &Interval::low, digits), end_cell(d, &Interval::high, digits),
         text::integer_cell(static_cast<std::int64_t>(pairs.seeds.size()), d.trials),
         p_cell(pairs.evidence.p_t, d.trials), p_cell(pairs.evidence.p_holm, d.trials),
         p_cell(pairs.evidence.p_sign_flip, d.trials), p_cell(pairs.evidence.p_wilcoxon, d.trials),
         cell(pairs.evidence.effect, d.trials), cell(pairs.evidence.improvement, d.trials)});
  }
  return table;
}

text::Table claims_table(const ReportModel& model) {
  text::Table table{
      .name = "claims",
      .caption =
          "Claims of the experiment file. Held or refuted: the whole 95% interval of the difference, paired "
          "by "
          "seed and, where images are known, by image, lies on one side of the margin. A claim with several "
          "conditions holds when all of them do.",
      .columns = {{"number", "", true, text::Where::kData},
                  {"claim", "Claim", false, text::Where::kEverywhere, "", /*wrap=*/true},
                  {"outcome", "Outcome"},
                  {"candidate", "Candidate", true},
                  {"reference", "Reference", true},
                  {"difference", "Difference", true},
                  {"interval", "95% interval", true, text::Where::kShown},
                  {"interval_low", "", true, text::Where::kData},
                  {"interval_high", "", true, text::Where::kData},
                  {"margin", "", true, text::Where::kData},
                  {"why", "Because", false, text::Where::kEverywhere, "", /*wrap=*/true}},
      .rows = {}};
  set_query(table, "candidate", any_query(model.split), "mean of the claim’s measure");
  set_query(table, "reference", any_query(model.split), "mean of the claim’s measure");
  set_query(table, "difference", any_query(model.split),
            "mean difference of the claim’s measure, paired by seed");
  set_query(table, "interval", any_query(model.split),
            "95% interval of it, over seeds and, where known, images (image_counts)");
  for (const ClaimResult& claim : model.claims) {
    Quantity d = claim.difference ? claim.difference->difference : Quantity{};
    if (claim.difference) {
      const std::vector<std::string>& more = claim.difference->reference_trials;
      d.trials.insert(d.trials.end(), more.begin(), more.end());
    }
    if (claim.difference && claim.difference->evidence.interval)
      d.interval = claim.difference->evidence.interval;
    const int digits = std::max(conclusions::digits_for({&claim.candidate_score, &claim.reference_score}),
                                conclusions::digits_for({&d}));
    text::Cell outcome = text::markup_cell(
        claim.outcome, fmt::format("<span class=\"outcome {}\">{}</span>", text::anchor(claim.outcome),
                                   text::escape(claim.outcome)));
    const auto amount = [&](double value) {
      return claim.is_share ? text::fixed(100 * value, 1) + "%"
                            : text::metric_value(claim.metric, value, digits);
    };
    text::Cell interval = interval_cell(d, digits),
               difference =
                   text::number_cell(d.mean, d.mean ? amount(*d.mean) : "", d.trials, d.why_undefined);
    if (claim.is_share && d.mean) difference.text += " saved";
    if (d.interval)
      interval.text = fmt::format("[{}, {}]", amount(d.interval->low), amount(d.interval->high));
    table.rows.push_back({text::integer_cell(static_cast<std::int64_t>(claim.claim)), text::Cell(claim.text),
                          outcome, metric_cell(claim.metric, claim.candidate_score, digits),
                          metric_cell(claim.metric, claim.reference_score, digits), difference, interval,
                          end_cell(d, &Interval::low, digits), end_cell(d, &Interval::high, digits),
                          text::number_cell(claim.margin, 4), text::Cell(claim.why)});
  }
  return table;
}

namespace {

const TableRegistration kDifferences({.order = 40, .title = "", .make = differences_table});
const TableRegistration kClaims({.order = 50, .title = "", .make = claims_table});

}  // namespace

}  // namespace segbench::reports
