// SPDX-License-Identifier: MIT
#pragma once

namespace segbench::store {

/// Version 5: which class is the background. Scores without it are NULL where there is none, and the views
/// that rank use mIoU over all classes there.
inline constexpr const char* kSchemaV5 = R"sql(
ALTER TABLE trials ADD COLUMN background INTEGER DEFAULT 0;

DROP VIEW best_of_n;
DROP VIEW leaderboard;
DROP VIEW trial_scores;
DROP VIEW evaluation_scores;
DROP VIEW learning_curve;

CREATE VIEW evaluation_scores AS
SELECT t.study, t.variant_label, t.seed, t.trial_id, t.status, e.epoch, e.split, e.weights, e.loss, e.images,
  e.valid_pixels,
  CASE WHEN e.valid_pixels > 0 THEN sum(c.tp) * 1.0 / e.valid_pixels END AS pixel_accuracy,
  avg(CASE WHEN c.tp + c.fn > 0 THEN c.tp * 1.0 / (c.tp + c.fn) END) AS mean_class_accuracy,
  avg(CASE WHEN c.tp + c.fp + c.fn > 0 THEN c.tp * 1.0 / (c.tp + c.fp + c.fn) END) AS miou,
  avg(CASE WHEN c.class <> t.background AND c.tp + c.fp + c.fn > 0 THEN c.tp * 1.0 / (c.tp + c.fp + c.fn) END)
    AS miou_no_background,
  CASE WHEN e.valid_pixels > 0 THEN
    total(CASE WHEN c.tp + c.fn > 0 THEN (c.tp + c.fn) * (c.tp * 1.0 / (c.tp + c.fp + c.fn)) END) / e.valid_pixels
  END AS fwiou,
  avg(CASE WHEN c.tp + c.fp + c.fn > 0 THEN 2.0 * c.tp / (2 * c.tp + c.fp + c.fn) END) AS mean_dice,
  avg(CASE WHEN c.class <> t.background AND c.tp + c.fp + c.fn > 0 THEN 2.0 * c.tp / (2 * c.tp + c.fp + c.fn) END)
    AS mean_dice_no_background,
  t.background
FROM trials t JOIN evaluations e ON e.trial = t.trial JOIN class_counts c ON c.evaluation = e.evaluation
WHERE t.planned
GROUP BY e.evaluation;

CREATE VIEW trial_scores AS
SELECT study, variant_label, seed, trial_id, split, epoch, loss, images, valid_pixels, pixel_accuracy,
  mean_class_accuracy, miou, miou_no_background, fwiou, mean_dice, mean_dice_no_background,
  CASE WHEN background IS NULL THEN 'miou' ELSE 'miou_no_background' END AS default_metric,
  CASE WHEN background IS NULL THEN miou ELSE miou_no_background END AS score
FROM evaluation_scores WHERE weights = 'selected' AND status = 'complete';

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

CREATE VIEW learning_curve AS
SELECT t.study, t.variant_label, t.seed, t.trial_id, p.epoch, p.loss AS train_loss, p.learning_rate, p.train_seconds,
  e.loss AS selection_loss,
  avg(CASE WHEN c.tp + c.fp + c.fn > 0 THEN c.tp * 1.0 / (c.tp + c.fp + c.fn) END) AS selection_miou,
  avg(CASE WHEN c.class <> t.background AND c.tp + c.fp + c.fn > 0 THEN c.tp * 1.0 / (c.tp + c.fp + c.fn) END)
    AS selection_miou_no_background,
  CASE WHEN e.valid_pixels > 0 THEN sum(c.tp) * 1.0 / e.valid_pixels END AS selection_pixel_accuracy
FROM trials t JOIN epochs p ON p.trial = t.trial
  LEFT JOIN evaluations e ON e.trial = t.trial AND e.split = 'selection' AND e.weights = 'current' AND e.epoch = p.epoch
  LEFT JOIN class_counts c ON c.evaluation = e.evaluation
WHERE t.planned
GROUP BY p.trial, p.epoch;
)sql";

}  // namespace segbench::store
