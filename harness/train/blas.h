// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "harness/core/json.h"
#include "harness/core/warning.h"

namespace segbench::train {

/// The library of matrix products that this process has loaded, and the threads that it computes with.
struct Blas {
  std::string name;       ///< OpenBLAS names itself; of another one LibTorch knows what it was built for
  std::string library;    ///< the file that it was loaded from; "": part of LibTorch
  std::string kernel;     ///< of OpenBLAS: "SkylakeX"; else ""
  std::string threading;  ///< "openmp", "pthread", "sequential", or "" where it is not known
  int threads = 0;        ///< 0: not known
};
Blas loaded_blas();

/// {"blas", "blas_library", "blas_kernel", "blas_threading", "blas_threads"}.
core::Json to_json(const Blas& blas);

/// What costs time or memory about it; empty when all is well.
std::optional<core::Warning> warning_about(const Blas& blas);

}  // namespace segbench::train
