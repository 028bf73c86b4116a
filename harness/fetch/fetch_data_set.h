// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "harness/fetch/data_sets.h"

namespace segbench::fetch {

struct DataRequest {
  const DataSource* source = nullptr;
  std::filesystem::path
      folder;          ///< into which everything is unpacked; archives are kept in `folder`/archives
  std::string mirror;  ///< take the files from this address instead of the publisher's
  /// Called with what is being done ("images.tar.gz"), and how far it is: bytes, or files unpacked where the
  /// second number is empty. False stops.
  std::function<bool(const std::string&, std::uint64_t, std::optional<std::uint64_t>)> progress = {};
};

struct DataResult {
  std::filesystem::path root;                      ///< for data.root
  bool is_stopped = false;                         ///< the same request goes on there
  std::uint64_t downloaded = 0, resumed_from = 0;  ///< bytes
  std::int64_t files = 0;                          ///< unpacked now; 0: all were
};

/// Downloads the archives of a data set, checks them and unpacks them. What is done already is not done
/// again: an archive that is there, one that was unpacked whole. Throws core::UserError as download() and
/// unpack() do, and for a source without files.
DataResult fetch_data_set(const DataRequest& request);

}  // namespace segbench::fetch
