// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>

#include "harness/study/study.h"

namespace segbench::run {

struct Seal {
  std::string sha256;  ///< core::sealed_form_sha256() of the study
  std::string time;    ///< UTC
  bool is_new = true;  ///< false: this form was sealed before, at `time`
};

/// Writes down, in the study's folder under `runs`, that the study has this form now. Earlier seals stay.
/// Throws core::UserError when it cannot be written.
Seal seal_study(const study::Study& study, const std::filesystem::path& runs);

}  // namespace segbench::run
