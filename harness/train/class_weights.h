// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/core/decode_cache.h"
#include "harness/core/variant.h"

namespace segbench::train {

/// Weight of each class in a loss; empty: all weigh the same. A class that the training images do not have
/// has none under most conventions.
using ClassWeights = std::vector<std::optional<double>>;

/// The class weights that the parameters of a loss ask for, from the labels of the training samples. Throws
/// core::UserError, about `key`, when an explicit list does not fit the classes, and when a convention leaves
/// nothing to be learnt from.
ClassWeights class_weights_of(const core::Json& params, const core::DecodeCache& cache,
                              const std::vector<std::int64_t>& train_samples,
                              const std::string& key = "training.loss");

/// Whether any pixel of these samples has a class; of void pixels alone no loss is defined.
bool has_labels(const core::CacheManifest& manifest, const std::vector<std::int64_t>& samples);

/// A loss whose class weights are numbers, as losses::make_loss() wants them, and what they were found to be.
struct SettledLoss {
  core::PartChoice choice;
  /// Of the loss itself (key "") and of its terms ("terms[0]", …); those that weigh all classes the same are
  /// left out.
  std::map<std::string, ClassWeights> class_weights = {};
};

/// `loss` with the conventions of its class weights, and of those of the losses that it is made of, turned
/// into numbers. A class without a weight counts nothing. Throws as class_weights_of() does.
SettledLoss settle_class_weights(const core::PartChoice& loss, const core::DecodeCache& cache,
                                 const std::vector<std::int64_t>& train_samples);

}  // namespace segbench::train
