// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/core/json.h"
#include "harness/profile/engine_programs.h"
#include "harness/profile/network.h"
#include "harness/study/profile.h"

namespace segbench::profile {

/// One combination of a profile's axes: what is measured.
struct Row {
  std::string id;           ///< 12 digits of the hash of all that follows
  std::size_t network = 0;  ///< index into the plan's networks
  std::size_t engine = 0;   ///< index into the plan's engines
  std::string format;       ///< that the engine reads the network in
  std::int64_t batch = 1;
  std::string precision, memory_format, device;
  int threads = 1;
};

struct Plan {
  study::Profile profile;
  std::vector<Network> networks;
  std::vector<FoundEngine> engines;      ///< those that are there and asked for
  std::optional<FoundEngine> reference;  ///< eager LibTorch in float32, which outputs are checked against
  std::vector<Row> rows;
  std::vector<std::string> notes;  ///< what is left out, and why
};

/// The networks that profile.models means, at every width and image size, in the order of the axes. Throws
/// core::UserError for what is no network.
std::vector<Network> networks_of(const study::ProfileSettings& settings, const std::filesystem::path& runs);

/// Every combination that can be measured, in the order of the axes. Throws core::UserError for an engine
/// that is unknown or, when it was asked for by name, missing, and when nothing is left.
Plan make_plan(const study::Profile& profile, const std::vector<FoundEngine>& found,
               const std::filesystem::path& runs);

/// The format in which an engine reads a network of these; "" when it cannot.
std::string common_format(const std::vector<std::string>& offered, const std::vector<std::string>& read);

/// For the log: everything that a reader needs to know of a row.
core::Json describe(const Plan& plan, const Row& row);

}  // namespace segbench::profile
