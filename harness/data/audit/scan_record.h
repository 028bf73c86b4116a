// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "harness/data/audit/scan.h"

namespace segbench::data {

/// Identifies what a scan has read: SHA-256 over the settings that touch pixels, the list of samples and, of
/// each of their files, size, time of modification and time of status change. It changes when a file may have
/// changed.
std::string scan_key(const Catalogue& catalogue, const core::DataConfig& config);

/// Keeps a scan in which nothing was refused.
void write_scan(const std::filesystem::path& file, const std::string& key, const Scan& scan);

/// The scan kept under this key; empty when there is none that can be used (absent, damaged, of another
/// format).
std::optional<Scan> read_scan(const std::filesystem::path& file, const std::string& key,
                              const Catalogue& catalogue);

}  // namespace segbench::data
