// SPDX-License-Identifier: MIT
#include "harness/data/audit/groups.h"

#include <fmt/format.h>

#include <regex>

#include "harness/data/kinds/listing.h"

namespace segbench::data {

SampleGroups groups_of(const Catalogue& catalogue, const core::DataConfig& config) {
  SampleGroups groups;
  groups.names.resize(catalogue.samples.size());
  if (config.group == "none") return groups;
  if (config.group == "kind") {
    for (std::size_t i = 0; i < groups.names.size(); ++i) groups.names[i] = catalogue.samples[i].group;
    return groups;
  }
  const std::regex pattern(config.group);  // checked when the study was read
  std::vector<std::string> strangers;
  for (std::size_t i = 0; i < groups.names.size(); ++i) {
    const std::string& id = catalogue.samples[i].id;
    std::smatch match;
    if (std::regex_search(id, match, pattern))
      groups.names[i] = match.size() > 1 ? match[1].str() : match[0].str();
    if (groups.names[i].empty()) strangers.push_back(id);
  }
  if (!strangers.empty()) {
    groups.findings.push_back({true, "",
                               fmt::format("group = \"{}\" gives no group to {} of {} ids: {}", config.group,
                                           strangers.size(), groups.names.size(), some_of(strangers)),
                               "group", "let the pattern match every id"});
  }
  return groups;
}

}  // namespace segbench::data
