// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/core/json.h"

// How `segbench init` knows the kind of data that lies in a folder.

namespace segbench::data {

/// A setting of [data] that was found, in stored form, with a remark ("" for none).
struct FoundSetting {
  std::string key;
  core::Json value;
  std::string remark;
};

/// Looks at a folder: the settings with which a kind reads what is there, nullopt where it is of another
/// kind.
using KindSurvey = std::optional<std::vector<FoundSetting>> (*)(const std::filesystem::path& folder);

/// Registers the survey of a kind that no file name gives away, beside its KindRegistration.
struct SurveyRegistration {
  SurveyRegistration(const std::string& kind, KindSurvey survey);
};

/// The kind of data in a folder, and its settings.
struct RecognisedKind {
  std::string kind;
  std::vector<FoundSetting> settings;
};

/// The kind that has something there that only it has (its trait recognised_by), else the one whose survey
/// finds its data; nullopt for none.
std::optional<RecognisedKind> recognise_kind(const std::filesystem::path& folder);

/// The classes of annotations by name: the background first, unless it is among them, as a setting.
FoundSetting classes_of_names(std::vector<std::string> names);

}  // namespace segbench::data
