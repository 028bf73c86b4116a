// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

namespace segbench::fetch {

struct Unpacked {
  std::int64_t files = 0;
  std::uint64_t bytes = 0;
  bool is_stopped = false;  ///< by `progress`
};

/// Unpacks the files of an archive (tar, zip, 7z, … with any compression that libarchive knows) below
/// `folder`. A file is written beside its place and renamed, so that no half one is left under its name; one
/// that is there is replaced. `progress` gets the files so far and may stop by returning false. Throws
/// core::UserError (exit code 1) for a damaged archive, for names that lead out of the folder, and where a
/// file cannot be written. Links and devices are left out.
Unpacked unpack(const std::filesystem::path& archive, const std::filesystem::path& folder,
                const std::function<bool(std::int64_t)>& progress = {});

}  // namespace segbench::fetch
