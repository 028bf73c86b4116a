// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <string>

#include "harness/weights/weight_file.h"
#include "harness/weights/zip.h"

namespace segbench::weights {

struct StateDict {
  std::map<std::string, Tensor> tensors;
  std::string found_under;  ///< key of a checkpoint; "" when the tensors stand at the top
};

/// Reads what torch.save wrote: the archive's pickle and the storages beside it. Throws Malformed.
StateDict read_state_dict(const ZipArchive& archive);

}  // namespace segbench::weights
