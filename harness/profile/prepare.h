// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "harness/core/error.h"
#include "harness/profile/engine_link.h"
#include "harness/profile/images.h"
#include "harness/profile/session.h"

namespace segbench::profile {

/// A row's output is not the reference's.
class WrongOutput : public core::UserError {
 public:
  using core::UserError::UserError;
};

/// A running engine that has loaded its network, is right and warm.
struct PreparedRow {
  std::unique_ptr<EngineLink> link;
  std::int64_t iterations = 1;  ///< of a visit
  double typical_s = 0, first_s = 0;
  core::Json ready;  ///< the event of the log
};

/// Makes rows ready. Keeps networks, images and the reference's outputs for the rows that share them.
class Preparation {
 public:
  Preparation(const Plan& plan, const SessionOptions& options);

  /// Throws core::UserError with what went wrong, WrongOutput when the engine computes something else.
  PreparedRow prepare(const Row& row);
  /// How long an engine may take to answer.
  std::chrono::seconds patience() const;
  /// The images of a row's network.
  const NetworkImages& images(const Row& row);
  /// A place for files that engines are given, or give.
  std::filesystem::path scratch(const std::string& name) const;

 private:
  struct Reference {
    std::string engine;
    std::vector<float> logits;
  };
  core::Json load_request(const Row& row, const FoundEngine& engine, const std::string& format,
                          const std::filesystem::path& file) const;
  std::filesystem::path input_file(const Row& row);
  std::filesystem::path calibration_file(const Row& row);
  const Reference& reference(const Row& row);
  void require_memory(const Row& row) const;

  const Plan& plan_;
  const SessionOptions& options_;
  std::vector<NetworkFiles> files_;
  std::map<std::size_t, NetworkImages> images_;
  std::map<std::pair<std::size_t, std::int64_t>, std::filesystem::path> inputs_;
  std::map<std::size_t, std::filesystem::path> calibrations_;
  std::map<std::pair<std::size_t, std::int64_t>, Reference> references_;
};

}  // namespace segbench::profile
