// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <vector>

#include "harness/data/kinds/catalogue.h"
#include "harness/data/kinds/kind_survey.h"

namespace segbench::data {

/// The settings classes, mask_values, void_values, class_colours and void_colours with which masks make
/// sense, found from what up to 300 of them hold.
std::vector<FoundSetting> survey_masks(const Catalogue& catalogue);

}  // namespace segbench::data
