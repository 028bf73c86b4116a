// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "harness/core/json.h"
#include "harness/core/warning.h"
#include "harness/study/study.h"

namespace segbench::run {

/// A warning that `plan` and `run` give before anything is trained.
struct StudyWarning {
  core::Warning warning;
  std::string variant_id, label;  ///< of the variant; "": about the whole study
};

/// What deserves a warning about the variants of a study; `train_images` holds each one's number of training
/// images.
std::vector<StudyWarning> variant_warnings(const study::Study& study,
                                           const std::vector<std::int64_t>& train_images);

/// The list "warnings" of study.json (core/study_file.h), from which the store and the report take them.
core::Json to_json(const std::vector<StudyWarning>& warnings);

}  // namespace segbench::run
