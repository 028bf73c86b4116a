// SPDX-License-Identifier: MIT
#include "harness/core/variant_field_tables.h"

namespace segbench::core {
namespace {

/// A setting that is not set by default; "none" in an experiment file stands for that.
ParamSpec optional_number(std::string name, std::optional<double> maximum, std::string help) {
  ParamSpec spec = specs::number(std::move(name), Json(), 0, maximum, std::move(help));
  spec.exclusive_minimum = true;
  spec.null_word = "none";
  return spec;
}

}  // namespace

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

std::vector<VariantField> process_fields() {
  return {
      sparse(
          training(&TrainingConfig::processes,
                   specs::integer("processes", 1, 1, 64,
                                  "processes that train together on one machine, each on its part of every "
                                  "batch; `batch_size` stays that of all of them and must be a multiple"))),
      sparse(training(
          &TrainingConfig::reduce,
          specs::text("reduce", "flat",
                      "how sums over the processes are taken: on CPUs always in their order; between GPUs "
                      "as NCCL does it, the same on every run, or, if ordered, in their order, too, "
                      "through the machine's memory",
                      {"flat", "ordered"}))),
      sparse(training(&TrainingConfig::synchronise_batch_norm,
                      specs::flag("synchronise_batch_norm", true,
                                  "batch normalisation uses the statistics of all processes")))};
}

}  // namespace segbench::core
