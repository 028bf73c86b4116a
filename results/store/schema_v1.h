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
)sql";

}  // namespace segbench::store
