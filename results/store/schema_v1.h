// SPDX-License-Identifier: MIT
#pragma once

namespace segbench::store {

/// The first schema. Documented table by table in docs/schema.md; a test holds the two together.
inline constexpr const char* kSchemaV1 = R"sql(
CREATE TABLE studies (
  study TEXT PRIMARY KEY NOT NULL,
  question TEXT NOT NULL,
  definition TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE planned_trials (
  study TEXT NOT NULL REFERENCES studies ON DELETE CASCADE,
  trial_id TEXT NOT NULL,
  PRIMARY KEY (study, trial_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE variants (
  variant_id TEXT PRIMARY KEY NOT NULL,
  config TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE trials (
  trial INTEGER PRIMARY KEY,
  study TEXT NOT NULL REFERENCES studies ON DELETE CASCADE,
  trial_id TEXT NOT NULL,
  variant_id TEXT NOT NULL REFERENCES variants,
  variant_label TEXT NOT NULL,
  axes TEXT NOT NULL,
  seed INTEGER NOT NULL,
  planned INTEGER NOT NULL CHECK (planned IN (0, 1)),
  data_fingerprint TEXT NOT NULL,
  selection_set TEXT NOT NULL,
  test_set TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('pending', 'running', 'complete', 'failed', 'interrupted')),
  reason TEXT NOT NULL,
  message TEXT NOT NULL,
  class_names TEXT NOT NULL,
  class_weights TEXT NOT NULL,
  parameters INTEGER,
  trainable_parameters INTEGER,
  macs INTEGER,
  selected_epoch INTEGER,
  selected_metric TEXT,
  selected_value REAL,
  initial_weights_sha256 TEXT,
  weights_sha256 TEXT,
  selected_weights_sha256 TEXT,
  folder TEXT NOT NULL,
  UNIQUE (study, trial_id)
) STRICT;
CREATE INDEX trials_by_id ON trials (trial_id);

CREATE TABLE environments (
  environment_id TEXT PRIMARY KEY NOT NULL,
  content TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE attempts (
  trial INTEGER NOT NULL REFERENCES trials ON DELETE CASCADE,
  attempt INTEGER NOT NULL,
  host TEXT NOT NULL,
  pid INTEGER,
  started TEXT NOT NULL,
  ended TEXT,
  resumed_epoch INTEGER,
  resumed_step INTEGER,
  status TEXT,
  reason TEXT,
  message TEXT,
  exit_code INTEGER,
  peak_memory_bytes INTEGER,
  seconds REAL,
  environment_id TEXT NOT NULL REFERENCES environments,
  PRIMARY KEY (trial, attempt)
) STRICT, WITHOUT ROWID;

CREATE TABLE epochs (
  trial INTEGER NOT NULL REFERENCES trials ON DELETE CASCADE,
  epoch INTEGER NOT NULL,
  loss REAL,
  learning_rate REAL NOT NULL,
  steps INTEGER NOT NULL,
  samples INTEGER NOT NULL,
  train_seconds REAL,
  data_wait_seconds REAL,
  checkpoint_seconds REAL,
  PRIMARY KEY (trial, epoch)
) STRICT, WITHOUT ROWID;

CREATE TABLE evaluations (
  evaluation INTEGER PRIMARY KEY,
  trial INTEGER NOT NULL REFERENCES trials ON DELETE CASCADE,
  epoch INTEGER NOT NULL,
  split TEXT NOT NULL CHECK (split IN ('selection', 'test')),
  weights TEXT NOT NULL CHECK (weights IN ('current', 'selected')),
  loss REAL,
  valid_pixels INTEGER NOT NULL,
  images INTEGER NOT NULL,
  evaluate_seconds REAL,
  confusion TEXT,
  UNIQUE (trial, split, weights, epoch)
) STRICT;
CREATE UNIQUE INDEX final_evaluations ON evaluations (trial, split) WHERE weights = 'selected';

CREATE TABLE class_counts (
  evaluation INTEGER NOT NULL REFERENCES evaluations ON DELETE CASCADE,
  class INTEGER NOT NULL,
  tp INTEGER NOT NULL,
  fp INTEGER NOT NULL,
  fn INTEGER NOT NULL,
  PRIMARY KEY (evaluation, class)
) STRICT, WITHOUT ROWID;

CREATE TABLE images (
  evaluation INTEGER NOT NULL REFERENCES evaluations ON DELETE CASCADE,
  image INTEGER NOT NULL,
  image_id TEXT NOT NULL,
  valid_pixels INTEGER NOT NULL,
  PRIMARY KEY (evaluation, image)
) STRICT, WITHOUT ROWID;

CREATE TABLE image_counts (
  evaluation INTEGER NOT NULL,
  image INTEGER NOT NULL,
  class INTEGER NOT NULL,
  tp INTEGER NOT NULL,
  fp INTEGER NOT NULL,
  fn INTEGER NOT NULL,
  PRIMARY KEY (evaluation, image, class),
  FOREIGN KEY (evaluation, image) REFERENCES images ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE VIEW per_class_iou AS
SELECT t.study, t.variant_label, t.seed, t.trial_id, e.split, c.class,
  json_extract(t.class_names, '$[' || c.class || ']') AS class_name,
  c.tp, c.fp, c.fn,
  CASE WHEN c.tp + c.fp + c.fn > 0 THEN c.tp * 1.0 / (c.tp + c.fp + c.fn) END AS iou,
  CASE WHEN c.tp + c.fp + c.fn > 0 THEN 2.0 * c.tp / (2 * c.tp + c.fp + c.fn) END AS dice,
  CASE WHEN c.tp + c.fn > 0 THEN c.tp * 1.0 / (c.tp + c.fn) END AS accuracy
FROM trials t JOIN evaluations e ON e.trial = t.trial AND e.weights = 'selected'
  JOIN class_counts c ON c.evaluation = e.evaluation
WHERE t.planned AND t.status = 'complete';

CREATE VIEW evaluation_scores AS
SELECT t.study, t.variant_label, t.seed, t.trial_id, t.status, e.epoch, e.split, e.weights, e.loss, e.images,
  e.valid_pixels,
  CASE WHEN e.valid_pixels > 0 THEN sum(c.tp) * 1.0 / e.valid_pixels END AS pixel_accuracy,
  avg(CASE WHEN c.tp + c.fn > 0 THEN c.tp * 1.0 / (c.tp + c.fn) END) AS mean_class_accuracy,
  avg(CASE WHEN c.tp + c.fp + c.fn > 0 THEN c.tp * 1.0 / (c.tp + c.fp + c.fn) END) AS miou,
  avg(CASE WHEN c.class > 0 AND c.tp + c.fp + c.fn > 0 THEN c.tp * 1.0 / (c.tp + c.fp + c.fn) END)
    AS miou_no_background,
  CASE WHEN e.valid_pixels > 0 THEN
    total(CASE WHEN c.tp + c.fn > 0 THEN (c.tp + c.fn) * (c.tp * 1.0 / (c.tp + c.fp + c.fn)) END) / e.valid_pixels
  END AS fwiou,
  avg(CASE WHEN c.tp + c.fp + c.fn > 0 THEN 2.0 * c.tp / (2 * c.tp + c.fp + c.fn) END) AS mean_dice,
  avg(CASE WHEN c.class > 0 AND c.tp + c.fp + c.fn > 0 THEN 2.0 * c.tp / (2 * c.tp + c.fp + c.fn) END)
    AS mean_dice_no_background
FROM trials t JOIN evaluations e ON e.trial = t.trial JOIN class_counts c ON c.evaluation = e.evaluation
WHERE t.planned
GROUP BY e.evaluation;

CREATE VIEW trial_scores AS
SELECT study, variant_label, seed, trial_id, split, epoch, loss, images, valid_pixels, pixel_accuracy,
  mean_class_accuracy, miou, miou_no_background, fwiou, mean_dice, mean_dice_no_background
FROM evaluation_scores WHERE weights = 'selected' AND status = 'complete';

CREATE VIEW trial_overview AS
SELECT t.*,
  (SELECT count(*) FROM attempts a WHERE a.trial = t.trial) AS attempts,
  (SELECT ifnull(max(epoch), 0) FROM epochs p WHERE p.trial = t.trial) AS epochs_done,
  (SELECT sum(train_seconds) FROM epochs p WHERE p.trial = t.trial) AS train_seconds,
  (SELECT max(peak_memory_bytes) FROM attempts a WHERE a.trial = t.trial) AS peak_memory_bytes,
  (SELECT started FROM attempts a WHERE a.trial = t.trial ORDER BY attempt LIMIT 1) AS started,
  (SELECT ended FROM attempts a WHERE a.trial = t.trial ORDER BY attempt DESC LIMIT 1) AS ended,
  (SELECT environment_id FROM attempts a WHERE a.trial = t.trial ORDER BY attempt DESC LIMIT 1) AS environment_id
FROM trials t;

CREATE VIEW study_progress AS
SELECT study, count(*) AS trials, sum(status = 'complete') AS complete, sum(status = 'failed') AS failed,
  sum(status = 'running') AS running, sum(status = 'interrupted') AS interrupted, sum(status = 'pending') AS pending
FROM trials WHERE planned GROUP BY study;

CREATE VIEW leaderboard AS
SELECT study, variant_label, split, count(miou_no_background) AS n,
  avg(miou_no_background) AS mean, min(miou_no_background) AS worst, max(miou_no_background) AS best,
  CASE WHEN count(miou_no_background) > 1 THEN
    sqrt(sum((miou_no_background - center) * (miou_no_background - center)) / (count(miou_no_background) - 1))
  END AS sd,
  avg(miou) AS mean_miou, avg(pixel_accuracy) AS mean_pixel_accuracy
FROM (SELECT *, avg(miou_no_background) OVER (PARTITION BY study, variant_label, split) AS center FROM trial_scores)
GROUP BY study, variant_label, split
ORDER BY study, split, mean DESC;

CREATE VIEW best_of_n AS
SELECT study, variant_label, split, n, seed AS best_seed, trial_id AS best_trial_id, miou_no_background
FROM (SELECT *, count(*) OVER (PARTITION BY study, variant_label, split) AS n,
        row_number() OVER (PARTITION BY study, variant_label, split ORDER BY miou_no_background DESC, seed) AS place
      FROM trial_scores)
WHERE place = 1;

CREATE VIEW learning_curve AS
SELECT t.study, t.variant_label, t.seed, t.trial_id, p.epoch, p.loss AS train_loss, p.learning_rate, p.train_seconds,
  e.loss AS selection_loss,
  avg(CASE WHEN c.tp + c.fp + c.fn > 0 THEN c.tp * 1.0 / (c.tp + c.fp + c.fn) END) AS selection_miou,
  avg(CASE WHEN c.class > 0 AND c.tp + c.fp + c.fn > 0 THEN c.tp * 1.0 / (c.tp + c.fp + c.fn) END)
    AS selection_miou_no_background,
  CASE WHEN e.valid_pixels > 0 THEN sum(c.tp) * 1.0 / e.valid_pixels END AS selection_pixel_accuracy
FROM trials t JOIN epochs p ON p.trial = t.trial
  LEFT JOIN evaluations e ON e.trial = t.trial AND e.split = 'selection' AND e.weights = 'current' AND e.epoch = p.epoch
  LEFT JOIN class_counts c ON c.evaluation = e.evaluation
WHERE t.planned
GROUP BY p.trial, p.epoch;

CREATE VIEW failures AS
SELECT study, variant_label, seed, trial_id, status, reason, message, attempts, epochs_done, folder
FROM trial_overview WHERE planned AND status IN ('failed', 'interrupted');

CREATE VIEW image_scores AS
SELECT t.study, t.variant_label, t.seed, t.trial_id, e.split, i.image, i.image_id, i.valid_pixels,
  CASE WHEN i.valid_pixels > 0 THEN total(c.tp) / i.valid_pixels END AS pixel_accuracy,
  avg(CASE WHEN c.tp + c.fn > 0 THEN c.tp * 1.0 / (c.tp + c.fp + c.fn) END) AS miou_gt_present
FROM trials t JOIN evaluations e ON e.trial = t.trial AND e.weights = 'selected'
  JOIN images i ON i.evaluation = e.evaluation
  LEFT JOIN image_counts c ON c.evaluation = i.evaluation AND c.image = i.image
WHERE t.planned AND t.status = 'complete'
GROUP BY i.evaluation, i.image;

CREATE VIEW confusion AS
SELECT t.study, t.variant_label, t.seed, t.trial_id, e.split,
  cell.key / json_array_length(t.class_names) AS truth, cell.key % json_array_length(t.class_names) AS prediction,
  cell.value AS pixels
FROM trials t JOIN evaluations e ON e.trial = t.trial AND e.confusion IS NOT NULL JOIN json_each(e.confusion) cell
WHERE t.planned;
)sql";

}  // namespace segbench::store
