// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "results/exchange/trial_series.h"

namespace segbench::exchange {

/// Cyclic redundancy check with Castagnoli's polynomial (RFC 3720, B.4).
std::uint32_t crc32c(std::string_view bytes);

/// A record of TensorFlow's TFRecord format: length, data, and a masked CRC-32C of each.
std::string tf_record(std::string_view data);

/// Writes the series of each trial as TensorBoard reads them: FOLDER/TRIAL/events.out.tfevents.…, scalars by
/// epoch. Returns how many files. Throws core::UserError for a folder that holds anything.
std::size_t write_tensorboard(const std::filesystem::path& folder, const std::vector<TrialSeries>& trials);

}  // namespace segbench::exchange
