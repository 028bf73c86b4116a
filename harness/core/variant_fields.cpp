// SPDX-License-Identifier: MIT
#include "harness/core/variant_fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "harness/core/measures.h"
#include "harness/core/param_specs.h"
#include "harness/core/text.h"
#include "harness/core/variant_values.h"

namespace segbench::core {

namespace {

constexpr double kMostEpochs = 1'000'000;
constexpr double kMostPixels = 65'536;  ///< of an image's side

using VariantField = Field<VariantConfig>;

VariantField sparse(VariantField field) {
  field.sparse = true;
  return field;
}

VariantField speaking(VariantField field) {
  field.speaks = true;
  return field;
}

/// Height and width in pixels, or "native".
VariantField resolution() {
  ParamSpec spec =
      specs::integer("resolution", Json(), 1, kMostPixels,
                     "`[height, width]` in pixels to which images and masks are resized; `\"native\"` keeps "
                     "the stored size");
  spec.types = kString | kIntegerList;
  spec.choices = {"native"};
  spec.null_means = "the kind's";
  return {.table = "data",
          .spec = std::move(spec),
          .get =
              [](const VariantConfig& config) {
                return config.data.resolution ? Json(*config.data.resolution) : Json("native");
              },
          .set =
              [](VariantConfig& config, const Json& json) {
                config.data.resolution.reset();
                if (json.is_array()) config.data.resolution = json.get<std::array<std::int64_t, 2>>();
              },
          .speaks = true};
}

/// [low, high], or "percentiles".
VariantField range() {
  ParamSpec spec =
      specs::number("range", Json(), 0, 65535,
                    "stored values `[low, high]` that become black and white; `\"percentiles\"`: the 1st and "
                    "99th of each channel of the training split. Not set: 0 and the format's maximum");
  spec.types = kString | kNumberList;
  spec.choices = {"percentiles"};
  return {.table = "data",
          .spec = std::move(spec),
          .get = [](const VariantConfig& config) -> Json {
            if (config.data.range_percentiles) return "percentiles";
            return config.data.range ? Json(*config.data.range) : Json();
          },
          .set =
              [](VariantConfig& config, const Json& json) {
                config.data.range.reset();
                config.data.range_percentiles = json.is_string();
                if (json.is_array()) config.data.range = json.get<std::array<double, 2>>();
              },
          .sparse = true};
}

VariantField orientation() {
  return {
      .table = "data",
      .spec = specs::text("orientation", "ignore",
                          "`apply` turns images and masks as their files state it (EXIF, TIFF)",
                          {"ignore", "apply"}),
      .get = [](const VariantConfig& config) { return config.data.apply_orientation ? "apply" : "ignore"; },
      .set = [](VariantConfig& config, const Json& json) { config.data.apply_orientation = json == "apply"; },
      .sparse = true};
}

template <typename Value>
VariantField data(Value DataConfig::*member, ParamSpec spec) {
  return field("data", &VariantConfig::data, member, std::move(spec));
}

template <typename Value>
VariantField model(Value ModelConfig::*member, ParamSpec spec) {
  return field("model", &VariantConfig::model, member, std::move(spec));
}

template <typename Value>
VariantField training(Value TrainingConfig::*member, ParamSpec spec) {
  return field("training", &VariantConfig::training, member, std::move(spec));
}

VariantField split(SplitRule DataConfig::*member, const char* name, std::uint32_t types, std::string help) {
  ParamSpec spec = specs::fraction(name, Json(), std::move(help));
  spec.types = types;
  spec.null_means = "the kind's";
  return field("data.splits", &VariantConfig::data, member, std::move(spec));
}

ParamSpec folds() {
  ParamSpec spec = specs::integer(
      "folds", 0, 0, 1000,
      "cross-validation in so many folds, one of which takes the place of the test split that would be drawn "
      "(of selection, where test is official); 0: none");
  return spec;
}

ParamSpec fold() {
  ParamSpec spec = specs::integer("fold", Json(), 0, 999,
                                  "the fold that is left out, for all seeds; an axis of folds is "
                                  "paired like seeds");
  spec.null_word = "by_seed";
  return spec;
}

ParamSpec table(const char* name, const char* help) {
  return {.name = name, .types = kTable, .default_value = Json::object(), .help = help};
}

template <typename Value>
VariantField evaluation(Value EvaluationConfig::*member, ParamSpec spec) {
  return sparse(field("evaluation", &VariantConfig::evaluation, member, std::move(spec)));
}

std::vector<VariantField> data_fields() {
  ParamSpec kind = specs::text("kind", std::nullopt, "the kind of data set, see [Parts](#parts)");
  ParamSpec root =
      specs::folder("root", "", "folder of the data set; required, or not allowed, as the kind says");
  return {
      speaking(data(&DataConfig::kind, std::move(kind))),
      data(&DataConfig::root, std::move(root)),
      resolution(),
      data(&DataConfig::channels,
           specs::integer("channels", 3, 1, 64,
                          "1 (grey), 3 (RGB), or the number of bands ([data.md](data.md))")),
      sparse(data(&DataConfig::channel_names,
                  specs::list("channel_names", kStringList,
                              "a name for each channel, for people; no part of a variant's identity"))),
      range(),
      orientation(),
      speaking(
          data(&DataConfig::normalise,
               specs::text(
                   "normalise", "unit_range",
                   "how pixel values 0…255 reach the network: 0 to 1; -1 to 1; 0 to 1, then ImageNet's mean "
                   "and standard deviation; or BGR, minus ImageNet's mean",
                   {"unit_range", "minus_one_to_one", "imagenet_torch", "imagenet_caffe_bgr"}))),
      data(&DataConfig::split_seed,
           specs::integer("split_seed", 0, 0, std::nullopt, "random seed of splits that are fractions")),
      sparse(data(
          &DataConfig::group,
          specs::text("group", "kind",
                      "what splits never tear apart: samples whose ids have the same first group (else "
                      "whole match) of this regular expression, such as `\"^[^_]+\"`; `kind`: the groups "
                      "that the kind of data knows; `none`"))),
      sparse(
          data(&DataConfig::stratify,
               specs::flag("stratify", false,
                           "drawn splits show each class in as many of their images, in proportion, as all "
                           "have (Sechidis et al. 2011)"))),
      sparse(data(&DataConfig::folds, folds())),
      sparse(data(&DataConfig::fold, fold())),
      sparse(data(&DataConfig::lists,
                  table("lists",
                        "official splits of your own: `{ name = \"file\" }`, a file with an id or file "
                        "name a line; `splits` then takes them by name"))),
      sparse(data(&DataConfig::merge,
                  table("merge",
                        "classes to be united, `{ vehicle = [\"Car\", \"Truck_Bus\"] }`; the new class "
                        "stands where the first of them stood"))),
      data(&DataConfig::allow_overlap,
           specs::flag("allow_overlap", false, "makes an image in two splits a warning instead of an error")),
      split(&DataConfig::train, "train", kString,
            "an official split of the data set, or several joined by `+`: `\"train+val\"`"),
      split(
          &DataConfig::selection, "selection", kString | kNumber,
          "the same, or a fraction of the training samples, which are then not trained on; selects the best "
          "epoch"),
      split(&DataConfig::test, "test", kString | kNumber, "the same; evaluated once, at the end")};
}

std::vector<VariantField> model_fields() {
  ParamSpec width =
      specs::number("width", 1.0, 0, 100, "multiplier of the number of channels of every layer");
  width.exclusive_minimum = true;
  ParamSpec freeze =
      specs::list("freeze", kString | kStringList,
                  "what is not trained: the encoder, all of it but batch normalisation, or what the "
                  "patterns of tensor names match");
  freeze.default_value = Json();
  freeze.null_word = "none";
  freeze.choices = {"encoder", "encoder_but_batch_norm"};
  freeze.free_items = true;
  return {
      speaking(model(&ModelConfig::architecture,
                     specs::text("architecture", std::nullopt, "the network, see [Parts](#parts)"))),
      speaking(model(
          &ModelConfig::size,
          specs::text("size", "full",
                      "how large a network of this architecture; `published` where the original has its own "
                      "size; `segbench models` lists them",
                      {"small", "medium", "full", "published"}))),
      model(&ModelConfig::width, std::move(width)),
      sparse(model(
          &ModelConfig::weights,
          specs::file(
              "weights",
              "pretrained weights (`.pth` or `.safetensors`) from which training starts; `\"\"`: random "
              "initialisation, so that a matrix can contain both. [weights.md](weights.md)"))),
      sparse(model(
          &ModelConfig::file,
          specs::file("file",
                      "the network, of an architecture that is read from a file "
                      "([torchscript.md](torchscript.md)); required there, and not allowed elsewhere"))),
      sparse(
          model(&ModelConfig::weights_exclude,
                specs::list(
                    "weights_exclude", kStringList,
                    "patterns (`*` any characters, `?` one) of tensors that are not loaded, by their name in "
                    "the file or in the network"))),
      sparse(model(&ModelConfig::freeze, std::move(freeze)))};
}

std::vector<VariantField> training_fields() {
  std::vector<std::string> metrics;
  for (const Measure& metric : kPooledScores) metrics.emplace_back(metric.key);
  ParamSpec augment = specs::parts("augment", PartKind::kAugmentation,
                                   "augmentations of the training samples, in this order");
  augment.default_value = Json::array();
  return {
      training(&TrainingConfig::epochs,
               specs::integer("epochs", std::nullopt, 1, kMostEpochs, "passes over the training set")),
      training(&TrainingConfig::batch_size,
               specs::integer("batch_size", std::nullopt, 1, kMostPixels, "images per training step")),
      training(&TrainingConfig::loss,
               specs::part("loss", PartKind::kLoss, std::nullopt, "the loss function")),
      training(&TrainingConfig::optimizer,
               specs::part("optimizer", PartKind::kOptimizer, std::nullopt, "the optimizer")),
      sparse(training(
          &TrainingConfig::schedule,
          specs::part("schedule", PartKind::kSchedule, Json(),
                      "how the learning rate changes from step to step; not together with an optimizer's "
                      "`decay`, which is short for the schedule `inverse_time`"))),
      speaking(training(&TrainingConfig::augment, std::move(augment))),
      training(
          &TrainingConfig::select,
          specs::text("select", "best", "which epoch is tested: the best on the selection split, or the last",
                      {"best", "last"})),
      training(
          &TrainingConfig::select_by,
          specs::text(
              "select_by", "miou_no_background",
              "the [metric](#metrics) that selects the best epoch; default `miou` where the data have no "
              "background class",
              std::move(metrics))),
      training(&TrainingConfig::evaluate_every,
               specs::integer("evaluate_every", 1, 1, kMostEpochs,
                              "epochs between evaluations on the selection split")),
      training(
          &TrainingConfig::batch_norm_statistics,
          specs::text(
              "batch_norm_statistics", "moving",
              "what batch normalisation evaluates with: moving averages over the training steps, or precise "
              "ones, computed from training images with the weights as they are before each evaluation (Wu "
              "and Johnson 2021)",
              {"moving", "precise"}))};
}

/// A setting that is not set by default; "none" in an experiment file stands for that.
ParamSpec optional_number(std::string name, std::optional<double> maximum, std::string help) {
  ParamSpec spec = specs::number(std::move(name), Json(), 0, maximum, std::move(help));
  spec.exclusive_minimum = true;
  spec.null_word = "none";
  return spec;
}

std::vector<VariantField> update_fields() {
  ParamSpec average =
      optional_number("moving_average", 1,
                      "decay d of an average of the weights, a = d a + (1 - d) w after each update, that is "
                      "evaluated, selected "
                      "and tested in their place; in update t at most (1 + t) / (10 + t), as in TensorFlow");
  average.exclusive_maximum = true;
  ParamSpec factor =
      specs::number("encoder_learning_rate_factor", 1.0, 0, 1000,
                    "what the learning rate of the encoder (the layers below `encoder.`) is multiplied by");
  factor.exclusive_minimum = true;
  return {
      sparse(training(
          &TrainingConfig::gradient_clip_norm,
          optional_number("gradient_clip_norm", std::nullopt,
                          "gradients are scaled down together until their Euclidean norm is at most this "
                          "(Pascanu et al., ICML 2013)"))),
      sparse(training(&TrainingConfig::gradient_clip_value,
                      optional_number("gradient_clip_value", std::nullopt,
                                      "each number of a gradient is clipped to [-value, value], before the "
                                      "norm is taken"))),
      sparse(training(
          &TrainingConfig::accumulate_batches,
          specs::integer("accumulate_batches", 1, 1, kMostPixels,
                         "batches for one update, by the mean of their gradients (each weighs as many images "
                         "as it has); those left at the end of an epoch make one too. Schedules and `decay` "
                         "count updates"))),
      sparse(training(&TrainingConfig::encoder_learning_rate_factor, std::move(factor))),
      sparse(training(&TrainingConfig::moving_average, std::move(average)))};
}

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

/// A number, or "search".
VariantField threshold() {
  ParamSpec spec = specs::number("threshold", Json(), 0, 1,
                                 "for two classes: the second one where its probability is above this; "
                                 "`\"search\"`: the best of `thresholds` on the selection split");
  spec.types = kString | kNumber;
  spec.choices = {"search"};
  spec.null_means = "the more probable class";
  return {.table = "evaluation",
          .spec = std::move(spec),
          .get = [](const VariantConfig& config) -> Json {
            if (config.evaluation.search_threshold) return "search";
            return FieldValue<std::optional<double>>::write(config.evaluation.threshold);
          },
          .set =
              [](VariantConfig& config, const Json& json) {
                config.evaluation.search_threshold = json.is_string();
                config.evaluation.threshold.reset();
                if (json.is_number()) config.evaluation.threshold = json.get<double>();
              },
          .sparse = true};
}

/// How the probabilities of a final evaluation come about and decide.
std::vector<VariantField> inference_fields() {
  ParamSpec thresholds =
      specs::list("thresholds", kNumberList, "the thresholds that are tried; of equal ones the first");
  thresholds.default_value = Json(default_thresholds());
  thresholds.minimum = 0, thresholds.maximum = 1;
  thresholds.null_means = "0.05, 0.10, …, 0.95";
  std::vector<std::string> scores;
  for (const Measure& metric : kPooledScores) {
    if (metric.key != "loss") scores.emplace_back(metric.key);
  }
  scores.insert(scores.end(), {"carvana_dice", "tgs_precision"});
  ParamSpec flips = specs::list("test_time_augmentation", kStringList,
                                "flips of an image whose probabilities are averaged with those of the image, "
                                "each alone and together");
  flips.choices = {"horizontal_flip", "vertical_flip"};
  ParamSpec refine = specs::parts("refine", PartKind::kRefinement,
                                  "what is done to the probabilities of an image, in this order");
  refine.default_value = Json::array();
  return {threshold(), evaluation(&EvaluationConfig::thresholds, std::move(thresholds)),
          evaluation(&EvaluationConfig::threshold_by,
                     specs::text("threshold_by", "miou_no_background",
                                 "the score by which a threshold is chosen", std::move(scores))),
          evaluation(&EvaluationConfig::test_time_augmentation, std::move(flips)),
          evaluation(&EvaluationConfig::refine, std::move(refine))};
}

std::vector<VariantField> evaluation_fields() {
  ParamSpec measures =
      specs::list("measures", kStringList,
                  "what final evaluations measure beside the scores that follow from counts, see "
                  "[metrics.md](metrics.md#measured-on-request)");
  for (const Measure& measure : kMeasures) {
    if (measure.on_request) measures.choices.emplace_back(measure.key);
  }
  ParamSpec tolerance = specs::number("boundary_tolerance", Json(), 0, kMostPixels,
                                      "pixels within which a boundary counts as found (`boundary_f1`, "
                                      "`surface_dice`)");
  tolerance.null_means = "0.8 % of the image's diagonal, rounded up";
  return {evaluation(&EvaluationConfig::measures, std::move(measures)),
          evaluation(&EvaluationConfig::boundary_tolerance, std::move(tolerance)),
          evaluation(&EvaluationConfig::engine,
                     specs::text("engine", "eager",
                                 "how the network is executed: as in training, by its folded plan, as frozen "
                                 "TorchScript, or `auto`: whichever of them is fastest on the first batch",
                                 {"eager", "plan", "torchscript", "auto"})),
          evaluation(&EvaluationConfig::engine_max_error,
                     specs::number("engine_max_error", 1e-3, 0, std::nullopt,
                                   "an engine whose logits on the first batch differ from those of eager by "
                                   "more, as a fraction of the largest, is not used")),
          evaluation(&EvaluationConfig::boundary_band,
                     specs::fraction("boundary_band", 0.02,
                                     "width of the band along a boundary in which `boundary_iou` is taken, "
                                     "as a fraction of the image's diagonal"))};
}

}  // namespace

const std::vector<VariantField>& variant_fields() {
  static const std::vector<VariantField> kFields = [] {
    std::vector<VariantField> fields;
    for (auto&& table : {data_fields(), model_fields(), training_fields(), update_fields(), stopping_fields(),
                         inference_fields(), evaluation_fields()})
      fields.insert(fields.end(), table.begin(), table.end());
    return fields;
  }();
  return kFields;
}

Json& table_at(Json& json, std::string_view path) {
  Json* table = &json;
  for (const std::string& step : split(path, '.')) table = &(*table)[step];
  return *table;
}

const VariantField* find_variant_field(std::string_view key) {
  const std::vector<VariantField>& fields = variant_fields();
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const VariantField& field) { return field.key() == key; });
  return found == fields.end() ? nullptr : &*found;
}

void visit_variant_parts(
    Json& variant,
    const std::function<void(PartKind, const std::string&, const std::string&, Json&)>& visit) {
  Json& data = variant.at("data");
  Json& model = variant.at("model");
  visit(PartKind::kDataSet, data.at("kind"), "data", data.at("params"));
  visit(PartKind::kArchitecture, model.at("architecture"), "model", model.at("params"));
  for (const VariantField& field : variant_fields()) {
    if (!field.spec.part_of) continue;
    const auto table = variant.find(field.table);
    if (table == variant.end() || !table->contains(field.spec.name)) continue;
    Json* value = &table->at(field.spec.name);
    if (value->is_object()) visit(*field.spec.part_of, value->at("name"), field.key(), *value);
    if (!value->is_array()) continue;
    for (std::size_t i = 0; i < value->size(); ++i) {
      Json& item = (*value)[i];
      visit(*field.spec.part_of, item.at("name"), fmt::format("{}[{}]", field.key(), i), item);
    }
  }
}

}  // namespace segbench::core
