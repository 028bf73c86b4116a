// SPDX-License-Identifier: MIT
#include "reports/model/labels.h"

#include <algorithm>
#include <vector>

#include "harness/core/text.h"
#include "harness/text/utf8.h"

namespace segbench::reports {

std::string short_label(const ReportModel& model, const std::string& label, std::size_t width) {
  std::vector<std::string> labels;
  std::size_t place = 0;
  for (const Entry& entry : model.leaderboard) {
    if (entry.label == label) place = labels.size();
    labels.push_back(text::clean(entry.label));
  }
  if (place >= labels.size() || labels[place] != text::clean(label)) return text::shortened(label, width);
  return text::shorten_names(labels, width)[place];
}

std::string images_text(const ReportModel& model) {
  const auto& pair = model.verdict.to_runner_up;
  return pair && pair->evidence.images > 0 ? " The verdict weighs images, too." : "";
}

std::vector<std::string> class_names(const ReportModel& model) {
  std::vector<std::string> names;
  for (const Entry& entry : model.leaderboard) {
    for (const ClassScore& score : entry.classes) {
      if (std::find(names.begin(), names.end(), score.name) == names.end()) names.push_back(score.name);
    }
  }
  return names;
}

const ClassScore* find_class(const Entry& entry, const std::string& name) {
  const auto found = std::find_if(entry.classes.begin(), entry.classes.end(),
                                  [&](const ClassScore& score) { return score.name == name; });
  return found == entry.classes.end() ? nullptr : &*found;
}

}  // namespace segbench::reports
