// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/data/audit/judge.h"

namespace segbench::data {

void check_groups(const std::vector<std::string>& groups, const core::DataConfig& config,
                  AuditReport& report) {
  // Images of each group by split, in the order of the splits.
  std::map<std::string, std::map<std::size_t, std::size_t>> counts;
  const std::array<const std::vector<std::int64_t>*, 3> splits = {
      &report.splits.train, &report.splits.selection, &report.splits.test};
  for (std::size_t s = 0; s < splits.size(); ++s) {
    for (const std::int64_t sample : *splits[s]) {
      const std::string& group = groups[static_cast<std::size_t>(sample)];
      if (!group.empty()) ++counts[group][s];
    }
  }
  constexpr std::array<const char*, 3> kNames = {"train", "selection", "test"};
  for (const auto& [group, by_split] : counts) {
    if (by_split.size() < 2) continue;
    std::vector<std::string> places;
    for (const auto& [split, images] : by_split)
      places.push_back(fmt::format("{} image{} in {}", images, images == 1 ? "" : "s", kNames.at(split)));
    const std::string name = fmt::format("the group \"{}\"", group),
                      where = fmt::format("{}", fmt::join(places, ", "));
    report.findings.push_back(
        config.allow_overlap
            ? warning_finding("group_torn", {{"group", name}, {"where", where}})
            : AuditFinding{.refuses = true,
                           .file = "",
                           .message = fmt::format("{} is torn apart by the splits: {}", name, where),
                           .code = "group_torn",
                           .remedy =
                               "keep what belongs together in one split, as fractions do, set group = "
                               "\"none\" where it need not be, or allow_overlap = true and live with scores "
                               "that are too good"});
  }
}

}  // namespace segbench::data
