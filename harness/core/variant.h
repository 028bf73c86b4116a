// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/core/background.h"
#include "harness/core/json.h"
#include "harness/core/part.h"

namespace segbench::core {

/// A part chosen by name with all its parameters resolved, in JSON: {"name": "adam", "learning_rate": 0.001,
/// …}.
struct PartChoice {
  std::string name;
  Json params = Json::object();  ///< everything but "name", defaults filled in
};

/// Which samples a split takes: the official splits named (joined), or a fraction of the training samples
/// that is drawn out of them. In JSON: "train", "train+val" or 0.2.
struct SplitRule {
  std::vector<std::string> official;  ///< empty when `fraction` is set
  std::optional<double> fraction;     ///< in (0, 1)
};

/// A file that a variant depends on: its content is part of the variant's identity, its place is not.
struct FileChoice {
  std::string path;    ///< absolute
  std::string sha256;  ///< of its bytes, 64 digits
};

/// [data] of a resolved variant.
struct DataConfig {
  std::string kind;  ///< a PartKind::kDataSet
  std::string root;  ///< folder; "" for built-in data. Not part of the variant's id
  std::optional<std::array<std::int64_t, 2>> resolution;  ///< {height, width} in pixels; empty = "native"
  std::int64_t channels = 3;                              ///< 1 (grey), 3 (RGB), or so many bands, up to 64
  std::vector<std::string> channel_names = {};            ///< for people, one each or none; no part of the id
  std::optional<std::array<double, 2>> range =
      {};                          ///< stored values that become black and white; empty: all of them
  bool range_percentiles = false;  ///< the 1st and 99th percentile of each channel instead
  bool apply_orientation = false;  ///< as EXIF and TIFF state it, to images and masks
  std::string normalise =
      "unit_range";  ///< unit_range | minus_one_to_one | imagenet_torch | imagenet_caffe_bgr
  SplitRule train, selection, test;
  std::uint64_t split_seed = 0;
  bool allow_overlap = false;
  /// What draws never tear apart: the samples of one group. "kind": as the kind of data knows them; "none";
  /// or a regular expression (ECMAScript) on ids, whose first group, else whole match, is the name of the
  /// group.
  std::string group = "kind";
  bool stratify = false;   ///< draws keep the shares of samples that show each class
  std::int64_t folds = 0;  ///< of a cross-validation; 0: none
  /// The fold that is left out; empty: that of the trial's seed, fold_of().
  std::optional<std::int64_t> fold = {};
  std::map<std::string, FileChoice> lists = {};  ///< more official splits: names of files with an id a line
  /// Classes made of several of the kind's: new name to the names of those that it unites.
  std::map<std::string, std::vector<std::string>> merge = {};
  Json params = Json::object();  ///< parameters of the data set kind, defaults filled in
  /// Follows from kind and params (background_of()), so it is no part of the variant's id.
  Background background = kFirstClass;
};

/// Whether each seed of a variant leaves out another fold.
inline bool folds_by_seed(const DataConfig& config) {
  return config.folds > 0 && !config.fold;
}
/// The fold that a trial leaves out, so that trials of one seed are scored on the same samples and seeds that
/// count on, as 1 to `folds` do, take every fold once: the seed modulo `folds`.
inline std::int64_t fold_of(const DataConfig& config, std::uint64_t seed) {
  return config.fold.value_or(static_cast<std::int64_t>(seed % static_cast<std::uint64_t>(config.folds)));
}

/// [model] of a resolved variant.
struct ModelConfig {
  std::string architecture;
  std::string size;                        ///< small | medium | full | published
  double width = 1.0;                      ///< channel multiplier
  std::optional<FileChoice> file = {};     ///< the network itself, where the architecture is read from a file
  std::optional<FileChoice> weights = {};  ///< what training begins with, instead of random numbers
  std::vector<std::string> weights_exclude = {};  ///< patterns of tensors that are not taken from there
  /// What is not trained: null, "encoder", "encoder_but_batch_norm" or a list of patterns of tensor names.
  Json freeze = nullptr;
  Json params = Json::object();
};

/// [training] of a resolved variant.
struct TrainingConfig {
  std::int64_t epochs = 0;
  std::int64_t batch_size = 0;
  PartChoice loss;
  PartChoice optimizer;
  std::optional<PartChoice> schedule =
      {};  ///< of the learning rate; empty: constant, but for the optimizer's decay
  std::vector<PartChoice> augment;
  std::string select = "best";                   ///< best | last: which epoch's weights are tested
  std::string select_by = "miou_no_background";  ///< metric on the selection split when select = best
  std::int64_t evaluate_every = 1;               ///< epochs between evaluations on the selection split
  /// What batch normalisation evaluates with: "moving" averages, or "precise" ones that are computed from
  /// training images before an evaluation.
  std::string batch_norm_statistics = "moving";
  std::optional<double> gradient_clip_norm = {};   ///< largest Euclidean norm of all gradients together
  std::optional<double> gradient_clip_value = {};  ///< largest size of each number of a gradient
  std::int64_t accumulate_batches = 1;             ///< batches whose mean gradient makes one update
  double encoder_learning_rate_factor = 1;         ///< what the encoder learns at, as a share of the rest's
  std::optional<double> moving_average = {};       ///< decay of the averaged weights that are evaluated
  /// Evaluations in a row without an improvement after which training ends.
  std::optional<std::int64_t> early_stopping_patience = {};
  double early_stopping_min_delta = 0;  ///< what an improvement must be more than
  std::optional<double> stop_at = {};   ///< value of `select_by` at which training ends
  std::int64_t processes = 1;           ///< that train together, each on its part of every batch
  std::string reduce = "flat";          ///< flat | ordered: how they add up gradients
  bool synchronise_batch_norm = true;   ///< over the processes
  std::string precision = "float32";  ///< float32 | tf32 | bfloat16: of convolutions and products of matrices
};

/// 0.05, 0.10, …, 0.95: k / 20.
std::vector<double> default_thresholds();

/// [evaluation] of a resolved variant: what its final evaluations do beside counting pixels.
struct EvaluationConfig {
  std::optional<double> threshold = {};  ///< of class 1 of two; empty: the more probable class
  bool search_threshold = false;         ///< … is found on the selection split
  std::vector<double> thresholds = default_thresholds();  ///< those that are tried, in this order
  std::string threshold_by = "miou_no_background";        ///< a pooled score or a convention
  /// Flips whose mean probabilities decide: "horizontal_flip", "vertical_flip".
  std::vector<std::string> test_time_augmentation = {};
  std::vector<PartChoice> refine = {};     ///< refinements of the probabilities, in this order
  std::vector<std::string> measures = {};  ///< keys of core::kMeasures that are measured on request
  /// Pixels within which a boundary counts as found; empty: 0.8 % of the image's diagonal, rounded up.
  std::optional<double> boundary_tolerance = {};
  double boundary_band = 0.02;  ///< width of the band of boundary IoU, as a fraction of the diagonal
  /// How the network is executed: eager | plan | torchscript | auto.
  std::string engine = "eager";
  double engine_max_error = 1e-3;  ///< of its logits against eager's, as a fraction of the largest
};

/// One fully resolved configuration; variant_fields.h is the table of its settings. JSON layout (`schema` 1),
/// all keys always present but those in brackets:
///
///     {"schema": 1,
///      "data":     {"kind", "root", "resolution": [h, w] | "native", "channels", "normalise",
///                   "splits": {"train", "selection", "test"}, "split_seed", "allow_overlap", "params": {…},
///                   ["background": index of the class, null for none; absent: 0], ["channel_names": […]],
///                   ["range": [lo, hi] | "percentiles"], ["orientation": "apply"], ["group"], ["stratify"],
///                   ["folds"], ["fold"], ["lists": {name: {"path", "sha256"}}], ["merge": {name: […]}]},
///      "model":    {"architecture", "size", "width", "params": {…}, ["file": {"path", "sha256"}],
///                   ["weights": {"path", "sha256"}], ["weights_exclude": […]], ["freeze"]},
///      "training": {"epochs", "batch_size", "loss": {"name", …}, "optimizer": {"name", …},
///                   ["schedule": {"name", …}], "augment": [{"name", …}], "select", "select_by",
///                   "evaluate_every", "batch_norm_statistics", ["gradient_clip_norm"],
///                   ["gradient_clip_value"],
///                   ["accumulate_batches"], ["encoder_learning_rate_factor"], ["moving_average"],
///                   ["early_stopping_patience"], ["early_stopping_min_delta"], ["stop_at"], ["precision"]},
///      ["evaluation": {["measures": […]], ["boundary_tolerance"], ["boundary_band"], ["threshold": t |
///                      "search"], ["thresholds": […]], ["threshold_by"], ["test_time_augmentation": […]],
///                      ["refine": [{"name", …}]], ["engine"], ["engine_max_error"]}],
///      ["ensemble": [variant id, …], ["ensemble_seeds"]]}
///
/// Variants stored by earlier programs lack what came later: it has its base value then (identity.h).
struct VariantConfig {
  DataConfig data;
  ModelConfig model;
  TrainingConfig training;
  EvaluationConfig evaluation = {};
  /// Ids of the variants whose mean probabilities it is, sorted; empty: it is trained.
  std::vector<std::string> ensemble = {};
  std::int64_t ensemble_seeds = 1;  ///< of each of them so many seeds in a row (core/ensemble.h)
};

Json to_json(const VariantConfig& config);
/// Throws UserError on a missing key or a wrong type; the value ranges are validated by harness/study.
VariantConfig variant_config_from_json(const Json& json);
Json to_json(const PartChoice& choice);
PartChoice part_choice_from_json(const Json& json);
/// The traits of a chosen part (part.h), which may follow from its parameters: traits_of(PartKind::kLoss,
/// training.loss).at("head"). Throws UserError for an unknown name.
Json traits_of(PartKind kind, const PartChoice& choice);
Json to_json(const SplitRule& rule);
SplitRule split_rule_from_json(const Json& json);

/// A variant of a study. `axes` are the settings in which the study's variants differ ({"model.size":
/// "small"}); `label` names them for people ("small", or "unet small, adam").
struct Variant {
  std::string id;     ///< identity.h
  std::string label;  ///< unique within a study
  Json axes = Json::object();
  VariantConfig config;
};

}  // namespace segbench::core
