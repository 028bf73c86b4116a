// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "harness/core/field.h"
#include "harness/core/json.h"

namespace segbench::study {

/// [profile]: what `segbench profile` measures. Lists are axes: every combination that an engine can do is a
/// row.
struct ProfileSettings {
  std::vector<std::string> models;  ///< "unet:small", a trial, a study, "x.onnx", "x.pt"
  std::vector<double> widths = {1.0};
  std::vector<std::int64_t> batch = {1};
  std::vector<std::string> resolution = {"128x128"};  ///< HEIGHTxWIDTH
  std::int64_t classes = 21, channels = 3;
  std::vector<std::string> precision = {"float32"};
  std::vector<std::string> memory_format = {"contiguous"};
  std::vector<std::int64_t> threads = {0};  ///< 0: the usable CPUs
  std::vector<std::string> device = {"cpu"};
  std::vector<std::string> engines = {"all"};
  std::map<std::string, std::vector<std::string>> commands;  ///< engines of the user's own
  std::vector<std::string> images;
  std::string normalise = "unit_range";
  std::int64_t calibration_images = 64;
  std::int64_t passes = 0, pass_images = 0;
  std::map<std::string, double> published;  ///< seconds of a pass, by the text of a model
  double seconds = 120;
  std::int64_t least_rounds = 8, most_rounds = 200;
  double median_within = 0.02;
  double max_error = 1e-3, max_error_reduced = 0.1;
  double patience = 600;  ///< seconds
  std::uint64_t seed = 1;
};

/// A profile as a file describes it.
struct Profile {
  std::string name = "profile", question;
  ProfileSettings settings;
};

/// The keys of [profile], in order.
const std::vector<core::Field<ProfileSettings>>& profile_fields();
core::Json to_json(const ProfileSettings& settings);
/// Throws core::UserError for a value that a setting cannot have; keys that are not there keep their
/// defaults.
ProfileSettings profile_settings_from_json(const core::Json& json);

/// Sets one key as `--models a,b` on the command line does. Throws core::UserError with what is allowed.
void set_profile_key(ProfileSettings& settings, const std::string& key, const core::Json& value);

/// The profile in a file: a study's experiment file with a table [profile], or a file of its own that has no
/// more than schema, name, question and [profile]. Throws core::UserError with every problem found.
Profile load_profile(const std::filesystem::path& file, const std::vector<std::string>& overrides = {});

}  // namespace segbench::study
