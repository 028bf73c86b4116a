// SPDX-License-Identifier: MIT
#pragma once

#include "architectures/graph/ops.h"
#include "harness/engines/onednn/program.h"

namespace segbench::engines::onednn {

/// Appends an activation as oneDNN's elementwise operations, one behind the other.
void append(dnnl::post_ops& operations, architectures::Function function);

/// True for one that makes zeros of zeros.
bool keeps_zero(architectures::Function function);

/// The activation of a map, written to another one of its layout or to itself; returns that.
Map activated(Program& program, const Map& x, architectures::Function function, const Map& y);

}  // namespace segbench::engines::onednn
