// SPDX-License-Identifier: MIT
#pragma once

#include "architectures/graph/graph.h"
#include "harness/core/json.h"

namespace segbench::architectures {

/// Marks what training must leave as it is:
///
/// - null: nothing;
/// - "encoder": every tensor below "encoder.", and its batch normalisations use their moving statistics in
///   training too, as Keras' `trainable = False` has it;
/// - "encoder_but_batch_norm": every tensor below "encoder." but those of batch normalisations, which go on
///   learning (segmentation_models' `encoder_freeze`);
/// - a list of patterns on tensor names, as a shell's: * stands for any text, dots included
/// ("encoder.layer1.*").
///   A batch normalisation all of whose parameters match uses its moving statistics.
///
/// Throws core::UserError for anything else, for a network without an encoder, and for a pattern that no
/// parameter matches.
void apply_freeze(Graph& graph, const core::Json& freeze);

}  // namespace segbench::architectures
