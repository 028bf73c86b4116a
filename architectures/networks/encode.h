// SPDX-License-Identifier: MIT
#pragma once

#include "architectures/encoders/encoder.h"
#include "architectures/networks/architecture.h"

namespace segbench::architectures {

/// True when the parameters choose an encoder.
bool has_encoder(const Build& build);
/// The features of the encoder that the parameters choose.
Features encode(const Build& build, Value x);

}  // namespace segbench::architectures
