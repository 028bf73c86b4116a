// SPDX-License-Identifier: MIT
#pragma once

#include <array>

#include "architectures/graph/ops.h"
#include "harness/engines/onednn/program.h"

namespace segbench::engines::onednn {

/// softmax(q k^T / sqrt(channels of a head)) v over pixels, for each head: as two products of matrices.
/// `inputs`: queries of shape `from`, keys and values of shape `to`.
Map attended(Program& program, int heads, std::int64_t count, const architectures::Shape& from,
             const architectures::Shape& to, const std::array<Map, 3>& inputs);

}  // namespace segbench::engines::onednn
