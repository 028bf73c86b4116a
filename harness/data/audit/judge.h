// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "harness/data/audit/scan.h"

namespace segbench::data {

/// Part of every fingerprint and cache: counted up whenever decoding, resizing or drawing change a pixel.
inline constexpr int kPipelineVersion = 1;

/// SHA-256 of the kind, the classes, the official splits and every sample's id, image and label map before
/// resizing. It depends neither on the folder, nor on file times, nor on the resolution. "" when a sample
/// could not be read.
std::string data_fingerprint(const Catalogue& catalogue, const core::DataConfig& config, const Scan& scan);

/// The audit's verdict on what was listed and read: a pure function, so a report is the same whether the
/// files were read just now or the scan comes from the cache.
AuditReport judge(const Catalogue& catalogue, const core::DataConfig& config, const Scan& scan);

/// The checks of the drawn splits, one file each; they append to the report's findings.
void check_overlap(const Catalogue& catalogue, const core::DataConfig& config, const Scan& scan,
                   AuditReport& report);
/// Groups of samples that stand in more than one split. `groups` has an entry for each sample.
void check_groups(const std::vector<std::string>& groups, const core::DataConfig& config,
                  AuditReport& report);
/// Pictures that are nearly the same in two splits.
void check_near_twins(const Catalogue& catalogue, const Scan& scan, AuditReport& report);
/// Masks that fit other images better, and masks that lie in an alpha channel.
void check_masks(const Catalogue& catalogue, const Scan& scan, AuditReport& report);
void check_classes(const core::DataConfig& config, const Scan& scan, AuditReport& report);
/// A selection split on which the score that names the best epoch can be undefined.
void check_selection(const core::DataConfig& config, AuditReport& report);
/// What the files hold beside what is read: pages, bands, an orientation.
void check_files(const Catalogue& catalogue, const core::DataConfig& config, const Scan& scan,
                 AuditReport& report);
void check_resolution(const core::DataConfig& config, const Scan& scan, AuditReport& report);

}  // namespace segbench::data
