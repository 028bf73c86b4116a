// SPDX-License-Identifier: MIT
#include "harness/core/variant_field_tables.h"

#include "harness/core/measures.h"

namespace segbench::core {

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
              {"moving", "precise"})),
      sparse(training(
          &TrainingConfig::precision,
          specs::text("precision", "float32",
                      "what convolutions and products of matrices compute in: `float32`; `tf32`, which drops "
                      "13 bits of their factors on the tensor cores of a GPU (Ampere and later); `bfloat16`, "
                      "weights, sums and losses in float32 (autocast)",
                      {"float32", "tf32", "bfloat16"})))};
}

}  // namespace segbench::core
