// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/core/json.h"
#include "harness/core/variant.h"

namespace segbench::run {

/// The environment variable that names the worker program.
inline constexpr const char* kWorkerVariable = "SEGBENCH_WORKER";

/// The worker program: $SEGBENCH_WORKER, else `segbench-worker` beside this program, else in the PATH. Throws
/// core::UserError that says where it was looked for.
std::filesystem::path find_worker();

/// How trials are run by the worker; 0 threads leaves the choice to it.
struct WorkerSettings {
  std::filesystem::path program;
  std::string device = "auto";
  int threads = 0;
  double checkpoint_seconds = 10;
  std::vector<std::string> without = {};       ///< levers that are left out (core::kLevers)
  bool film_strip = false;                     ///< predictions of an example image are kept by epoch
  std::string keep_weights = "none";           ///< none | every_epoch | a number of best epochs
  std::filesystem::path keep_weights_in = {};  ///< empty: in the trial's folder
};

/// The command line of `segbench-worker train` (core/worker_protocol.h).
std::vector<std::string> train_command(const WorkerSettings& settings,
                                       const std::filesystem::path& trial_folder);

/// What the worker says of its machine (`segbench-worker environment`), with so many threads (0: its choice).
/// Throws core::UserError with its own words when it cannot run.
core::Json worker_environment(const std::filesystem::path& program, const std::string& device,
                              int threads = 0);

/// Lets the worker try a network that is read from a file, with images and batches as a trial would have,
/// before any starts. Returns {"parameters", "trainable_parameters"}. Throws core::UserError with the
/// worker's words: the file, the input and the cause.
core::Json probe_network(const std::filesystem::path& program, const core::VariantConfig& variant,
                         std::int64_t height, std::int64_t width, std::int64_t classes,
                         std::int64_t train_samples);

/// The fastest matrix product and copy here (`segbench-worker ceilings`, harness/train/ceilings.h). Throws as
/// worker_environment().
core::Json worker_ceilings(const std::filesystem::path& program, const std::string& device, int threads);

/// One line about the library of matrix products in such an environment, with the kind and number of its
/// threads.
std::string describe_blas(const core::Json& environment);

/// Has the workers that this process starts from now on let threads that wait for work sleep soon, instead of
/// spinning on cores that others could use: sets GOMP_SPINCOUNT, which OpenMP reads when a program starts.
/// Where the user has chosen (GOMP_SPINCOUNT or OMP_WAIT_POLICY), that stays.
void let_waiting_threads_sleep();

}  // namespace segbench::run
