// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "harness/cli/command.h"
#include "harness/run/scratch_folder.h"
#include "results/store/store.h"

namespace segbench::cli {

/// The store as `compare`, `report`, `metrics` and `export` read it.
struct ResultsStore {
  std::unique_ptr<run::ScratchFolder> copied_to;  ///< when the runs folder cannot be written
  store::Store store;
};

/// Opens the store, brought up to what the trials' logs say now (store::refresh()). Of a runs folder that
/// cannot be written a copy is opened; of a store that another process writes, what it holds. Tells on stderr
/// what is left out. Throws core::UserError when there are no results.
ResultsStore open_results(const Context& context);

}  // namespace segbench::cli
