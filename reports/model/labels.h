// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "reports/model/model.h"

namespace segbench::reports {

/// The label of a variant in a figure: shortened, but unlike those of the other variants.
std::string short_label(const ReportModel& model, const std::string& label, std::size_t width);
/// " The verdict weighs images, too.", where it does: its interval is not that over seeds alone.
std::string images_text(const ReportModel& model);
/// The classes of all variants by first appearance: variants may differ in theirs.
std::vector<std::string> class_names(const ReportModel& model);
/// nullptr when the variant has no such class.
const ClassScore* find_class(const Entry& entry, const std::string& name);

}  // namespace segbench::reports
