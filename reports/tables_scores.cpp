// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "harness/core/metric_names.h"
#include "harness/core/text.h"
#include "reports/format.h"
#include "reports/html_text.h"
#include "reports/palette.h"
#include "reports/strip.h"
#include "reports/tables.h"

namespace segbench::reports {
namespace {

std::vector<const Summary*> scores_of(const ReportModel& model) {
  std::vector<const Summary*> all;
  for (const Entry& entry : model.leaderboard) all.push_back(&entry.score);
  return all;
}

Cell interval_cell(const Summary& summary, int digits) {
  Cell cell = text_cell(summary.interval ? format(*summary.interval, digits) : kUndefined);
  cell.is_number = true;
  cell.trials = summary.trials;
  if (!summary.interval) cell.note = summary.why_undefined;
  return cell;
}

Cell end_cell(const Summary& summary, double Interval::*end, int digits) {
  std::optional<double> value;
  if (summary.interval) value = (*summary.interval).*end;
  return number_cell(value, digits, summary.trials, summary.why_undefined);
}

Cell duration_cell(const Summary& seconds) {
  return number_cell(seconds.mean,
                     seconds.mean ? core::human_duration(std::chrono::duration<double>(*seconds.mean)) : "",
                     seconds.trials, seconds.why_undefined);
}

Cell bytes_cell(const Summary& bytes) {
  return number_cell(bytes.best.has_value() ? bytes.mean : std::nullopt,
                     bytes.mean ? core::human_bytes(static_cast<std::uint64_t>(*bytes.mean)) : "",
                     bytes.trials, bytes.why_undefined);
}

Cell count_cell(std::optional<std::int64_t> count, const std::vector<std::string>& trials) {
  Cell cell = integer_cell(count, trials);
  if (count) {
    cell.text = core::human_count(static_cast<double>(*count));
    cell.note = grouped(*count);
  }
  return cell;
}

std::string label_of(const ReportModel& model, const std::string& variant) {
  const Entry* entry = find_entry(model, variant);
  return entry == nullptr ? kUndefined : clean(entry->label);
}

Cell metric_cell(const std::string& metric, const Summary& summary, int digits) {
  return number_cell(summary.mean, summary.mean ? metric_value(metric, *summary.mean, digits) : "",
                     summary.trials, summary.why_undefined);
}

Cell heat_cell(const ClassScore& score) {
  Cell cell = number_cell(score.iou.mean, 2, score.iou.trials, score.iou.why_undefined);
  if (!score.iou.mean) {
    cell.style = "background:var(--hatch)";
    return cell;
  }
  const Shade shade = heat_shade(*score.iou.mean);
  cell.style = fmt::format("background:{};color:{}", shade.background, shade.text);
  cell.note =
      fmt::format("{}: {:.4f}, {}", score.name, *score.iou.mean, plural(score.iou.values.size(), "trial"));
  if (!score.iou.why_undefined.empty()) cell.note += "; " + score.iou.why_undefined;
  return cell;
}

std::string listed(const std::vector<double>& values, int digits) {
  std::vector<std::string> texts;
  for (const double value : values) texts.push_back(fixed(value, digits));
  return fmt::format("{}", fmt::join(texts, ", "));
}

}  // namespace

Table leaderboard_table(const ReportModel& model) {
  const std::string title = metric_title(model.metric);
  const int digits = digits_for(scores_of(model));
  const StripScale scale = strip_scale(model);
  const bool higher = higher_is_better(model.metric);
  Table table{
      .name = "leaderboard",
      .caption =
          fmt::format("{} on the {} split, by variant: the mean over trials with its 95% interval, and "
                      "every single trial.",
                      title, model.split),
      .columns = {{"rank", "#", true},
                  {"variant", "Variant"},
                  {"variant_id", "", false, Where::kCsv},
                  {"mean", "Mean", true},
                  {"interval", "95% interval", true, Where::kShown, "t interval of the mean over trials"},
                  {"interval_low", "", true, Where::kCsv},
                  {"interval_high", "", true, Where::kCsv},
                  {"n", "n", true, Where::kEverywhere, "complete trials"},
                  {"strip", "Trials", false, Where::kShown,
                   fmt::format("drawn from {} to {}", fixed(scale.low, scale.digits),
                               fixed(scale.high, scale.digits))},
                  {"best", "Best of n", true, Where::kEverywhere,
                   "the best single trial: grows with n alone"},
                  {"expected_best", "Expected best", true, Where::kEverywhere,
                   "expected best of n draws from these trials (Dodge et al. 2019)"},
                  {"gap", "Selection − test", true, Where::kEverywhere,
                   "mean difference between the selection split, where the epoch was chosen, and this split"},
                  {"parameters", "Parameters", true},
                  {"macs", "MACs", true, Where::kEverywhere, "multiply-accumulates of one image"},
                  {"train_seconds", "Training", true, Where::kEverywhere, "mean over trials"},
                  {"peak_memory_bytes", "Peak memory", true, Where::kEverywhere, "mean over trials"}},
      .rows = {},
      .row_heads = false,
      .sortable = true};
  std::int64_t rank = 0;
  for (const Entry& entry : model.leaderboard) {
    const Summary& s = entry.score;
    const Cell position = s.mean ? integer_cell(++rank) : number_cell(std::nullopt, "", {}, s.why_undefined);
    Cell n = integer_cell(static_cast<std::int64_t>(s.values.size()), s.trials);
    if (entry.complete < entry.planned) n.text = fmt::format("{} of {}", entry.complete, entry.planned);
    table.rows.push_back(
        {position, text_cell(entry.label), text_cell(entry.id), metric_cell(model.metric, s, digits),
         interval_cell(s, digits), end_cell(s, &Interval::low, digits), end_cell(s, &Interval::high, digits),
         n, markup_cell(listed(s.values, digits), strip_svg(entry, model, scale)),
         number_cell(s.best, digits, s.trials, s.why_undefined),
         number_cell(s.expected_best, digits, s.trials, s.why_undefined),
         number_cell(entry.gap.mean, entry.gap.mean ? signed_fixed(*entry.gap.mean, digits) : "",
                     entry.gap.trials, entry.gap.why_undefined),
         count_cell(entry.parameters, entry.size_trials), count_cell(entry.macs, entry.size_trials),
         duration_cell(entry.train_seconds), bytes_cell(entry.peak_memory_bytes)});
  }
  if (!higher) table.caption += " Lower is better.";
  return table;
}

Table metrics_table(const ReportModel& model) {
  Table table{
      .name = "metrics",
      .caption = fmt::format("Every metric on the {} split: means over the complete trials.", model.split),
      .columns = {{"variant", "Variant"}},
      .rows = {},
      .row_heads = true,
      .sortable = true};
  for (const core::MetricName& metric : core::kMetricNames) {
    table.columns.push_back({std::string(metric.key), std::string(metric.title), true, Where::kEverywhere,
                             std::string(metric.meaning)});
  }
  for (const Entry& entry : model.leaderboard) {
    std::vector<Cell> row = {text_cell(entry.label)};
    for (const MetricScore& score : entry.metrics) {
      row.push_back(number_cell(score.summary.mean, 3, score.summary.trials, score.summary.why_undefined));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

Table per_class_table(const ReportModel& model) {
  Table table{.name = "per_class",
              .caption = fmt::format(
                  "IoU of each class on the {} split, mean over trials. A hatched cell is undefined: "
                  "the class occurs neither in the ground truth nor in a prediction.",
                  model.split),
              .columns = {{"variant", "Variant"}},
              .rows = {},
              .row_heads = true,
              .sortable = false,
              .heat = true};
  std::vector<std::string> names;  // by first appearance: variants may differ in their classes
  for (const Entry& entry : model.leaderboard) {
    for (const ClassScore& score : entry.classes) {
      if (std::find(names.begin(), names.end(), score.name) == names.end()) names.push_back(score.name);
    }
  }
  for (const std::string& name : names) table.columns.push_back({name, name, true});
  for (const Entry& entry : model.leaderboard) {
    std::vector<Cell> row = {text_cell(entry.label)};
    for (const std::string& name : names) {
      const auto found = std::find_if(entry.classes.begin(), entry.classes.end(),
                                      [&](const ClassScore& score) { return score.name == name; });
      ClassScore none{.name = name, .iou = {}};
      none.iou.why_undefined = entry.classes.empty() ? "no complete trial" : "the variant has no such class";
      row.push_back(heat_cell(found == entry.classes.end() ? none : *found));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

Table differences_table(const ReportModel& model) {
  std::vector<const Summary*> summaries;
  for (const PairedDifference& pairs : model.to_best) summaries.push_back(&pairs.difference);
  const int digits = digits_for(summaries);
  Table table{
      .name = "differences",
      .caption = fmt::format("Difference of {} to the leader, {}, paired by seed, with its 95% interval.",
                             metric_title(model.metric), label_of(model, model.verdict.leader)),
      .columns = {{"variant", "Variant"},
                  {"reference", "", false, Where::kCsv},
                  {"difference", "Mean difference", true},
                  {"interval", "95% interval", true, Where::kShown},
                  {"interval_low", "", true, Where::kCsv},
                  {"interval_high", "", true, Where::kCsv},
                  {"seeds", "Common seeds", true}},
      .rows = {}};
  for (const PairedDifference& pairs : model.to_best) {
    Summary d = pairs.difference;
    d.trials.insert(d.trials.end(), pairs.reference_trials.begin(), pairs.reference_trials.end());
    table.rows.push_back(
        {text_cell(label_of(model, pairs.candidate)), text_cell(label_of(model, pairs.reference)),
         number_cell(d.mean, d.mean ? signed_fixed(*d.mean, digits) : "", d.trials, d.why_undefined),
         interval_cell(d, digits), end_cell(d, &Interval::low, digits), end_cell(d, &Interval::high, digits),
         integer_cell(static_cast<std::int64_t>(pairs.seeds.size()), d.trials)});
  }
  return table;
}

Table claims_table(const ReportModel& model) {
  Table table{
      .name = "claims",
      .caption =
          "Claims of the experiment file. Held or refuted: the whole 95% t interval of the difference, "
          "paired by seed, lies on one side of the margin.",
      .columns = {{"claim", "Claim", false, Where::kEverywhere, "", /*wrap=*/true},
                  {"outcome", "Outcome"},
                  {"candidate", "Candidate", true},
                  {"reference", "Reference", true},
                  {"difference", "Difference", true},
                  {"interval", "95% interval", true, Where::kShown},
                  {"interval_low", "", true, Where::kCsv},
                  {"interval_high", "", true, Where::kCsv},
                  {"margin", "", true, Where::kCsv},
                  {"why", "Because", false, Where::kEverywhere, "", /*wrap=*/true}},
      .rows = {}};
  for (const ClaimResult& claim : model.claims) {
    Summary d = claim.difference ? claim.difference->difference : Summary{};
    if (claim.difference) {
      const std::vector<std::string>& more = claim.difference->reference_trials;
      d.trials.insert(d.trials.end(), more.begin(), more.end());
    }
    const int digits =
        std::max(digits_for({&claim.candidate_score, &claim.reference_score}), digits_for({&d}));
    Cell outcome = markup_cell(claim.outcome, fmt::format("<span class=\"outcome {}\">{}</span>",
                                                          anchor(claim.outcome), escape(claim.outcome)));
    const auto amount = [&](double value) {
      return claim.is_share ? fixed(100 * value, 1) + "%" : metric_value(claim.metric, value, digits);
    };
    Cell interval = interval_cell(d, digits),
         difference = number_cell(d.mean, d.mean ? amount(*d.mean) : "", d.trials, d.why_undefined);
    if (claim.is_share && d.mean) difference.text += " saved";
    if (d.interval)
      interval.text = fmt::format("[{}, {}]", amount(d.interval->low), amount(d.interval->high));
    table.rows.push_back({text_cell(claim.text), outcome,
                          metric_cell(claim.metric, claim.candidate_score, digits),
                          metric_cell(claim.metric, claim.reference_score, digits), difference, interval,
                          end_cell(d, &Interval::low, digits), end_cell(d, &Interval::high, digits),
                          number_cell(claim.margin, 4), text_cell(claim.why)});
  }
  return table;
}

Table published_table(const ReportModel& model) {
  Table table{
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
    const int digits = digits_for({&number.ours});
    Summary best = number.ours;
    best.mean = best.best;
    table.rows.push_back(
        {text_cell(number.what), text_cell(metric_title(number.metric)),
         number_cell(number.value, number.value ? metric_value(number.metric, *number.value, 3) : "", {},
                     "not given"),
         metric_cell(number.metric, number.ours, digits),
         integer_cell(static_cast<std::int64_t>(number.ours.values.size()), number.ours.trials),
         metric_cell(number.metric, best, digits), text_cell(number.note), text_cell(number.source)});
  }
  return table;
}

}  // namespace segbench::reports
