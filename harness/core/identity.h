// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

#include "harness/core/variant.h"

namespace segbench::core {

/// The canonical JSON of what a variant is: to_json(), without the places of data and files, and without
/// every setting and parameter whose value is that of the frozen base. So a setting that a new version brings
/// leaves the ids of all variants that do not use it. Where the data lie is no property of a variant; what
/// they are is the data fingerprint's business, and what a file is, its SHA-256's. See docs/adr/0004.
Json identity_json(const VariantConfig& config);

/// The first 16 hexadecimal digits of the SHA-256 of identity_json().
std::string variant_id(const VariantConfig& config);

/// The first 16 hexadecimal digits of the SHA-256 of variant id, seed and data fingerprint. Same id, same
/// work.
std::string trial_id(const std::string& variant_id, std::uint64_t seed, const std::string& data_fingerprint);

/// The frozen base of schema 1 (frozen_base.cpp):
///
///     {"data": {…}, "model": {…}, "training": {…},         settings that every variant has
///      "architecture": {"unet": {…}, …}, "loss": {…}, "optimizer": {…}, "augmentation": {…}, "data set":
///      {…}}
const Json& frozen_base();

}  // namespace segbench::core
