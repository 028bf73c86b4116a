// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "harness/cli/command.h"
#include "harness/cli/looks.h"
#include "harness/run/allocation.h"
#include "harness/run/estimate.h"
#include "harness/study/study.h"
#include "harness/trial/standing.h"

namespace segbench::cli {

/// One row of the plan.
struct PlannedVariant {
  const core::Variant* variant = nullptr;
  run::DataSizes sizes;
  architectures::NetworkSummary network;
  bool is_known = true;  ///< false: the network is read from a file, which only the worker can look into
  double macs = 0;       ///< of a whole trial
  double seconds = 0;
  bool has_time = true;
  run::TimeSource source = run::TimeSource::kAssumption;
  std::size_t complete = 0, failed = 0, to_run = 0;
};

/// The states of the trials that were run, by variant and seed. The trial's id would need the fingerprint of
/// the data, hence all of them to be read; the plan takes them for unchanged.
using KnownStates = std::map<std::pair<std::string, std::uint64_t>, trial::TrialStanding>;

KnownStates known_states(const Context& context, const std::string& study);

/// Whose trials tell how long one takes.
enum class Hosts { kThis, kAny };

/// A row for each variant of the study, with as many of its first seeds as it is `wanted` with (by id). Reads
/// no more of the data than their listing; networks from files are tried by the worker.
std::vector<PlannedVariant> plan_variants(const study::Study& study, const KnownStates& states,
                                          const WantedSeeds& wanted, Hosts hosts = Hosts::kThis);

/// Memory of the largest trial, LibTorch included.
std::int64_t largest_bytes(const std::vector<PlannedVariant>& rows);

/// How `segbench run` would divide this machine.
run::Allocation allocation_of(const study::Study& study, const std::vector<PlannedVariant>& rows);

}  // namespace segbench::cli
