// SPDX-License-Identifier: MIT
#include "results/store/views.h"

#include <fmt/format.h>

#include <string_view>

#include "harness/core/background.h"
#include "harness/core/error.h"
#include "harness/core/measures.h"
#include "harness/metrics/formulas.h"

namespace segbench::store {
namespace {

using metrics::Over;

/// "c.tp + 2 * c.fp".
std::string sql_of(const metrics::Pixels& pixels) {
  std::string sum;
  for (const auto& [factor, column] :
       {std::pair{pixels.tp, "c.tp"}, {pixels.fp, "c.fp"}, {pixels.fn, "c.fn"}}) {
    if (factor == 0) continue;
    if (!sum.empty()) sum += " + ";
    sum += factor == 1 ? std::string(column) : fmt::format("{} * {}", factor, column);
  }
  return sum;
}

/// Of one row of class_counts or image_counts c; NULL where undefined.
std::string sql_of(const metrics::ClassRatio& ratio) {
  return fmt::format("({}) * 1.0 / nullif({}, 0)", sql_of(ratio.part), sql_of(ratio.whole));
}

/// Of a group of such rows of a trial t.
std::string sql_of(const metrics::ClassRatio& ratio, Over over) {
  const std::string truth = sql_of(metrics::kTruth), value = sql_of(ratio);
  switch (over) {
    case Over::kClasses:
      return fmt::format("avg({})", value);
    case Over::kClassesInTruth:
      return fmt::format("avg(CASE WHEN {} > 0 THEN {} END)", truth, value);
    case Over::kClassesButBackground:
      return fmt::format("avg(CASE WHEN c.class <> t.background THEN {} END)", value);
    case Over::kFrequency:
      return fmt::format("total(({}) * ({})) / nullif(sum({}), 0)", truth, value, truth);
    case Over::kSums:
      return fmt::format("sum({}) * 1.0 / nullif(sum({}), 0)", sql_of(ratio.part), sql_of(ratio.whole));
  }
  throw core::InternalError("no such way to average scores");
}

std::string sql_of_score(std::string_view key) {
  const metrics::ScoreFormula* formula = metrics::find_formula(key);
  SEGBENCH_CHECK(formula != nullptr, "no formula of {}", key);
  return sql_of(formula->ratio, formula->over);
}

/// "pixel_accuracy, miou", or with their formulas "… AS pixel_accuracy, …".
std::string score_columns(bool with_formula) {
  std::string columns;
  for (const metrics::ScoreFormula& formula : metrics::kScoreFormulas) {
    if (!columns.empty()) columns += ", ";
    if (with_formula) columns += sql_of(formula.ratio, formula.over) + " AS ";
    columns += formula.key;
  }
  return columns;
}

std::string score_views() {
  std::string sql = fmt::format(
      R"sql(
CREATE VIEW per_class_iou AS
SELECT t.study, t.variant_label, t.seed, t.trial_id, e.split, c.class,
  json_extract(t.class_names, '$[' || c.class || ']') AS class_name, c.tp, c.fp, c.fn,
  {} AS iou, {} AS dice, {} AS accuracy
FROM trials t JOIN evaluations e ON e.trial = t.trial AND e.weights = 'selected'
  JOIN class_counts c ON c.evaluation = e.evaluation
WHERE t.planned AND t.status = 'complete';
)sql",
      sql_of(metrics::kIou), sql_of(metrics::kDice), sql_of(metrics::kClassAccuracy));
  sql += fmt::format(
      R"sql(
CREATE VIEW evaluation_scores AS
SELECT t.study, t.variant_label, t.seed, t.trial_id, t.status, e.epoch, e.split, e.weights, e.loss, e.images,
  e.valid_pixels, {}, t.background
FROM trials t JOIN evaluations e ON e.trial = t.trial JOIN class_counts c ON c.evaluation = e.evaluation
WHERE t.planned
GROUP BY e.evaluation;
)sql",
      score_columns(true));
  sql += fmt::format(
      R"sql(
CREATE VIEW trial_scores AS
SELECT study, variant_label, seed, trial_id, split, epoch, loss, images, valid_pixels, {0},
  CASE WHEN background IS NULL THEN '{1}' ELSE '{2}' END AS default_metric,
  CASE WHEN background IS NULL THEN {1} ELSE {2} END AS score
FROM evaluation_scores WHERE weights = 'selected' AND status = 'complete';
)sql",
      score_columns(false), core::default_metric(std::nullopt), core::default_metric(core::kFirstClass));
  sql += fmt::format(
      R"sql(
CREATE VIEW learning_curve AS
SELECT t.study, t.variant_label, t.seed, t.trial_id, p.epoch, p.loss AS train_loss, p.learning_rate, p.train_seconds,
  e.loss AS selection_loss, {} AS selection_miou, {} AS selection_miou_no_background,
  {} AS selection_pixel_accuracy
FROM trials t JOIN epochs p ON p.trial = t.trial
  LEFT JOIN evaluations e ON e.trial = t.trial AND e.split = 'selection' AND e.weights = 'current' AND e.epoch = p.epoch
  LEFT JOIN class_counts c ON c.evaluation = e.evaluation
WHERE t.planned
GROUP BY p.trial, p.epoch;
)sql",
      sql_of_score("miou"), sql_of_score("miou_no_background"), sql_of_score("pixel_accuracy"));
  return sql + fmt::format(
                   R"sql(
CREATE VIEW image_scores AS
SELECT t.study, t.variant_label, t.seed, t.trial_id, e.split, i.image, i.image_id, i.valid_pixels,
  {} AS pixel_accuracy, {} AS miou_gt_present
FROM trials t JOIN evaluations e ON e.trial = t.trial AND e.weights = 'selected'
  JOIN images i ON i.evaluation = e.evaluation
  LEFT JOIN image_counts c ON c.evaluation = i.evaluation AND c.image = i.image
WHERE t.planned AND t.status = 'complete'
GROUP BY i.evaluation, i.image;
)sql",
                   sql_of_score("pixel_accuracy"), sql_of(metrics::kIou, Over::kClassesInTruth));
}

/// A column for each measure of a trial as a whole.
std::string trial_measure_columns() {
  std::string columns;
  for (const core::Measure& measure : core::kMeasures) {
    if (measure.scope != core::Scope::kTrial) continue;
    const std::string value = fmt::format(
        "(SELECT value FROM measures m WHERE m.trial = t.trial AND m.split IS NULL AND m.measure = '{}')",
        measure.key);
    const bool is_whole = measure.unit == "count" || measure.unit == "bytes";
    columns += fmt::format("  {} AS {},\n", is_whole ? "CAST(" + value + " AS INTEGER)" : value, measure.key);
  }
  return columns;
}

constexpr const char* kOtherViews = R"sql(
CREATE VIEW study_progress AS
SELECT study, count(*) AS trials, sum(status = 'complete') AS complete, sum(status = 'failed') AS failed,
  sum(status = 'running') AS running, sum(status = 'interrupted') AS interrupted, sum(status = 'pending') AS pending
FROM trials WHERE planned GROUP BY study;

CREATE VIEW leaderboard AS
SELECT study, variant_label, split, count(score) AS n,
  avg(score) AS mean, min(score) AS worst, max(score) AS best,
  CASE WHEN count(score) > 1 THEN
    sqrt(sum((score - center) * (score - center)) / (count(score) - 1))
  END AS sd,
  avg(miou) AS mean_miou, avg(pixel_accuracy) AS mean_pixel_accuracy, max(default_metric) AS metric
FROM (SELECT *, avg(score) OVER (PARTITION BY study, variant_label, split) AS center FROM trial_scores)
GROUP BY study, variant_label, split
ORDER BY study, split, mean DESC;

CREATE VIEW best_of_n AS
SELECT study, variant_label, split, n, seed AS best_seed, trial_id AS best_trial_id, miou_no_background, score,
  default_metric AS metric
FROM (SELECT *, count(*) OVER (PARTITION BY study, variant_label, split) AS n,
        row_number() OVER (PARTITION BY study, variant_label, split ORDER BY score DESC, seed) AS place
      FROM trial_scores)
WHERE place = 1;

CREATE VIEW failures AS
SELECT study, variant_label, seed, trial_id, status, reason, message, attempts, epochs_done, folder
FROM trial_overview WHERE planned AND status IN ('failed', 'interrupted');

CREATE VIEW confusion AS
SELECT t.study, t.variant_label, t.seed, t.trial_id, e.split,
  cell.key / json_array_length(t.class_names) AS truth, cell.key % json_array_length(t.class_names) AS prediction,
  cell.value AS pixels
FROM trials t JOIN evaluations e ON e.trial = t.trial AND e.confusion IS NOT NULL JOIN json_each(e.confusion) cell
WHERE t.planned;
)sql";

}  // namespace

std::string view_definitions() {
  return score_views() +
         fmt::format(R"sql(
CREATE VIEW trial_overview AS
SELECT t.*,
{}  (SELECT count(*) FROM attempts a WHERE a.trial = t.trial) AS attempts,
  (SELECT ifnull(max(epoch), 0) FROM epochs p WHERE p.trial = t.trial) AS epochs_done,
  (SELECT started FROM attempts a WHERE a.trial = t.trial ORDER BY attempt LIMIT 1) AS started,
  (SELECT ended FROM attempts a WHERE a.trial = t.trial ORDER BY attempt DESC LIMIT 1) AS ended,
  (SELECT environment_id FROM attempts a WHERE a.trial = t.trial ORDER BY attempt DESC LIMIT 1) AS environment_id
FROM trials t;
)sql",
                     trial_measure_columns()) +
         kOtherViews;
}

}  // namespace segbench::store
