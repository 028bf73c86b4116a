// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "harness/core/metric_names.h"
#include "harness/core/text.h"
#include "harness/text/html.h"
#include "harness/text/metrics.h"
#include "harness/text/numbers.h"
#include "harness/text/table.h"
#include "harness/text/utf8.h"
#include "reports/figures/palette.h"
#include "reports/figures/strip.h"
#include "reports/model/labels.h"
#include "reports/tables/tables.h"
#include "results/conclusions/summarise.h"

namespace segbench::reports {
namespace {

std::vector<const Summary*> scores_of(const ReportModel& model) {
  std::vector<const Summary*> all;
  for (const Entry& entry : model.leaderboard) all.push_back(&entry.score);
  return all;
}

text::Cell interval_cell(const Summary& summary, int digits) {
  text::Cell cell = text::text_cell(summary.interval ? format(*summary.interval, digits) : text::kUndefined);
  cell.is_number = true;
  cell.trials = summary.trials;
  if (!summary.interval) cell.note = summary.why_undefined;
  return cell;
}

text::Cell end_cell(const Summary& summary, double Interval::*end, int digits) {
  std::optional<double> value;
  if (summary.interval) value = (*summary.interval).*end;
  return text::number_cell(value, digits, summary.trials, summary.why_undefined);
}

text::Cell duration_cell(const Summary& seconds) {
  return text::number_cell(
      seconds.mean, seconds.mean ? core::human_duration(std::chrono::duration<double>(*seconds.mean)) : "",
      seconds.trials, seconds.why_undefined);
}

text::Cell bytes_cell(const Summary& bytes) {
  return text::number_cell(bytes.best.has_value() ? bytes.mean : std::nullopt,
                           bytes.mean ? core::human_bytes(static_cast<std::uint64_t>(*bytes.mean)) : "",
                           bytes.trials, bytes.why_undefined);
}

text::Cell count_cell(std::optional<std::int64_t> count, const std::vector<std::string>& trials) {
  text::Cell cell = text::integer_cell(count, trials);
  if (count) {
    cell.text = core::human_count(static_cast<double>(*count));
    cell.note = text::grouped(*count);
  }
  return cell;
}

std::string label_of(const ReportModel& model, const std::string& variant) {
  const Entry* entry = find_entry(model, variant);
  return entry == nullptr ? text::kUndefined : text::clean(entry->label);
}

text::Cell metric_cell(const std::string& metric, const Summary& summary, int digits) {
  return text::number_cell(summary.mean,
                           summary.mean ? text::metric_value(metric, *summary.mean, digits) : "",
                           summary.trials, summary.why_undefined);
}

text::Cell heat_cell(const ClassScore& score) {
  text::Cell cell = text::number_cell(score.iou.mean, 2, score.iou.trials, score.iou.why_undefined);
  if (!score.iou.mean) {
    cell.style = "background:var(--hatch)";
    return cell;
  }
  const Shade shade = heat_shade(*score.iou.mean);
  cell.style = fmt::format("background:{};color:{}", shade.background, shade.text);
  cell.note = fmt::format("{}: {:.4f}, {}", score.name, *score.iou.mean,
                          text::plural(score.iou.values.size(), "trial"));
  if (!score.iou.why_undefined.empty()) cell.note += "; " + score.iou.why_undefined;
  return cell;
}

std::string listed(const std::vector<double>& values, int digits) {
  std::vector<std::string> texts;
  for (const double value : values) texts.push_back(text::fixed(value, digits));
  return fmt::format("{}", fmt::join(texts, ", "));
}

}  // namespace

text::Table leaderboard_table(const ReportModel& model) {
  const std::string title = text::metric_title(model.metric);
  const int digits = conclusions::digits_for(scores_of(model));
  const StripScale scale = strip_scale(model);
  const bool higher = text::higher_is_better(model.metric);
  text::Table table{
      .name = "leaderboard",
      .caption =
          fmt::format("{} on the {} split, by variant: the mean over trials with its 95% interval, and "
                      "every single trial.",
                      title, model.split),
      .columns = {{"rank", "#", true},
                  {"variant", "Variant"},
                  {"variant_id", "", false, text::Where::kCsv},
                  {"mean", "Mean", true},
                  {"interval", "95% interval", true, text::Where::kShown,
                   "t interval of the mean over trials"},
                  {"interval_low", "", true, text::Where::kCsv},
                  {"interval_high", "", true, text::Where::kCsv},
                  {"n", "n", true, text::Where::kEverywhere, "complete trials"},
                  {"strip", "Trials", false, text::Where::kShown,
                   fmt::format("drawn from {} to {}", text::fixed(scale.low, scale.digits),
                               text::fixed(scale.high, scale.digits))},
                  {"best", "Best of n", true, text::Where::kEverywhere,
                   "the best single trial: grows with n alone"},
                  {"expected_best", "Expected best", true, text::Where::kEverywhere,
                   "expected best of n draws from these trials (Dodge et al. 2019)"},
                  {"gap", "Selection − test", true, text::Where::kEverywhere,
                   "mean difference between the selection split, where the epoch was chosen, and this split"},
                  {"parameters", "Parameters", true},
                  {"macs", "MACs", true, text::Where::kEverywhere, "multiply-accumulates of one image"},
                  {"train_seconds", "Training", true, text::Where::kEverywhere, "mean over trials"},
                  {"peak_memory_bytes", "Peak memory", true, text::Where::kEverywhere, "mean over trials"}},
      .rows = {},
      .row_heads = false,
      .sortable = true};
  std::int64_t rank = 0;
  for (const Entry& entry : model.leaderboard) {
    const Summary& s = entry.score;
    const text::Cell position =
        s.mean ? text::integer_cell(++rank) : text::number_cell(std::nullopt, "", {}, s.why_undefined);
    text::Cell n = text::integer_cell(static_cast<std::int64_t>(s.values.size()), s.trials);
    if (entry.complete < entry.planned) n.text = fmt::format("{} of {}", entry.complete, entry.planned);
    table.rows.push_back(
        {position, text::text_cell(entry.label), text::text_cell(entry.id),
         metric_cell(model.metric, s, digits), interval_cell(s, digits), end_cell(s, &Interval::low, digits),
         end_cell(s, &Interval::high, digits), n,
         text::markup_cell(listed(s.values, digits), strip_svg(entry, model, scale)),
         text::number_cell(s.best, digits, s.trials, s.why_undefined),
         text::number_cell(s.expected_best, digits, s.trials, s.why_undefined),
         text::number_cell(entry.gap.mean, entry.gap.mean ? text::signed_fixed(*entry.gap.mean, digits) : "",
                           entry.gap.trials, entry.gap.why_undefined),
         count_cell(entry.parameters, entry.size_trials), count_cell(entry.macs, entry.size_trials),
         duration_cell(entry.train_seconds), bytes_cell(entry.peak_memory_bytes)});
  }
  if (!higher) table.caption += " Lower is better.";
  return table;
}

text::Table metrics_table(const ReportModel& model) {
  text::Table table{
      .name = "metrics",
      .caption = fmt::format("Every metric on the {} split: means over the complete trials.", model.split),
      .columns = {{"variant", "Variant"}},
      .rows = {},
      .row_heads = true,
      .sortable = true};
  for (const core::MetricName& metric : core::kMetricNames) {
    table.columns.push_back({std::string(metric.key), std::string(metric.title), true,
                             text::Where::kEverywhere, std::string(metric.meaning)});
  }
  for (const Entry& entry : model.leaderboard) {
    std::vector<text::Cell> row = {text::text_cell(entry.label)};
    for (const MetricScore& score : entry.metrics) {
      row.push_back(
          text::number_cell(score.summary.mean, 3, score.summary.trials, score.summary.why_undefined));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

text::Table per_class_table(const ReportModel& model) {
  text::Table table{.name = "per_class",
                    .caption = fmt::format(
                        "IoU of each class on the {} split, mean over trials. A hatched cell is undefined: "
                        "the class occurs neither in the ground truth nor in a prediction.",
                        model.split),
                    .columns = {{"variant", "Variant"}},
                    .rows = {},
                    .row_heads = true,
                    .sortable = false,
                    .heat = true};
  const std::vector<std::string> names = class_names(model);
  for (const std::string& name : names) table.columns.push_back({name, name, true});
  for (const Entry& entry : model.leaderboard) {
    std::vector<text::Cell> row = {text::text_cell(entry.label)};
    for (const std::string& name : names) {
      const ClassScore* found = find_class(entry, name);
      ClassScore none{.name = name, .iou = {}};
      none.iou.why_undefined = entry.classes.empty() ? "no complete trial" : "the variant has no such class";
      row.push_back(heat_cell(found == nullptr ? none : *found));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

text::Table differences_table(const ReportModel& model) {
  std::vector<const Summary*> summaries;
  for (const PairedDifference& pairs : model.to_best) summaries.push_back(&pairs.difference);
  const int digits = conclusions::digits_for(summaries);
  text::Table table{
      .name = "differences",
      .caption = fmt::format("Difference of {} to the leader, {}, paired by seed, with its 95% interval.",
                             text::metric_title(model.metric), label_of(model, model.verdict.leader)),
      .columns = {{"variant", "Variant"},
                  {"reference", "", false, text::Where::kCsv},
                  {"difference", "Mean difference", true},
                  {"interval", "95% interval", true, text::Where::kShown},
                  {"interval_low", "", true, text::Where::kCsv},
                  {"interval_high", "", true, text::Where::kCsv},
                  {"seeds", "Common seeds", true}},
      .rows = {}};
  for (const PairedDifference& pairs : model.to_best) {
    Summary d = pairs.difference;
    d.trials.insert(d.trials.end(), pairs.reference_trials.begin(), pairs.reference_trials.end());
    table.rows.push_back(
        {text::text_cell(label_of(model, pairs.candidate)), text::text_cell(label_of(model, pairs.reference)),
         text::number_cell(d.mean, d.mean ? text::signed_fixed(*d.mean, digits) : "", d.trials,
                           d.why_undefined),
         interval_cell(d, digits), end_cell(d, &Interval::low, digits), end_cell(d, &Interval::high, digits),
         text::integer_cell(static_cast<std::int64_t>(pairs.seeds.size()), d.trials)});
  }
  return table;
}

text::Table claims_table(const ReportModel& model) {
  text::Table table{
      .name = "claims",
      .caption =
          "Claims of the experiment file. Held or refuted: the whole 95% t interval of the difference, "
          "paired by seed, lies on one side of the margin.",
      .columns = {{"claim", "Claim", false, text::Where::kEverywhere, "", /*wrap=*/true},
                  {"outcome", "Outcome"},
                  {"candidate", "Candidate", true},
                  {"reference", "Reference", true},
                  {"difference", "Difference", true},
                  {"interval", "95% interval", true, text::Where::kShown},
                  {"interval_low", "", true, text::Where::kCsv},
                  {"interval_high", "", true, text::Where::kCsv},
                  {"margin", "", true, text::Where::kCsv},
                  {"why", "Because", false, text::Where::kEverywhere, "", /*wrap=*/true}},
      .rows = {}};
  for (const ClaimResult& claim : model.claims) {
    Summary d = claim.difference ? claim.difference->difference : Summary{};
    if (claim.difference) {
      const std::vector<std::string>& more = claim.difference->reference_trials;
      d.trials.insert(d.trials.end(), more.begin(), more.end());
    }
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
    table.rows.push_back({text::text_cell(claim.text), outcome,
                          metric_cell(claim.metric, claim.candidate_score, digits),
                          metric_cell(claim.metric, claim.reference_score, digits), difference, interval,
                          end_cell(d, &Interval::low, digits), end_cell(d, &Interval::high, digits),
                          text::number_cell(claim.margin, 4), text::text_cell(claim.why)});
  }
  return table;
}

text::Table published_table(const ReportModel& model) {
  text::Table table{
      .name = "published",
      .caption =
          "Published numbers beside ours. They were measured elsewhere, by other rules: see the source.",
      .columns = {{"variant", "Variant"},
                  {"metric", "Metric"},
                  {"published", "Published", true},
                  {"ours", "Ours, mean", true},
                  {"n", "n", true},
                  {"best", "Ours, best of n", true},
                  {"statistic", "Published as"},
                  {"source", "Source"}},
      .rows = {}};
  for (const PublishedNumber& number : model.published) {
    const int digits = conclusions::digits_for({&number.ours});
    Summary best = number.ours;
    best.mean = best.best;
    table.rows.push_back(
        {text::text_cell(number.what), text::text_cell(text::metric_title(number.metric)),
         text::number_cell(number.value,
                           number.value ? text::metric_value(number.metric, *number.value, 3) : "", {},
                           "not given"),
         metric_cell(number.metric, number.ours, digits),
         text::integer_cell(static_cast<std::int64_t>(number.ours.values.size()), number.ours.trials),
         metric_cell(number.metric, best, digits), text::text_cell(number.note),
         text::text_cell(number.source)});
  }
  return table;
}

}  // namespace segbench::reports
