// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <regex>

#include "harness/core/class_list.h"
#include "harness/study/data_section.h"
#include "harness/study/model_files.h"

namespace segbench::study {
namespace {

using core::Json;

Place place_of(const Node& data, std::string_view key) {
  const Node* given = data.find(key);
  return given == nullptr ? data.place : given->place;
}

}  // namespace

Json read_lists(const Node& data, ProblemList& problems) {
  Json lists = Json::object();
  const Node* given = data.find("lists");
  if (given == nullptr) return lists;
  if (!given->is_table()) {
    problems.add(given->place, found_message("data.lists", *given,
                                             "a table of names and files: { train = \"lists/train.txt\" }"));
    return lists;
  }
  for (Node entry : given->children) {
    const std::string key = "data.lists." + entry.key;
    if (!entry.is_string() || entry.string().empty()) {
      problems.add(entry.place,
                   found_message(key, entry, "the path of a file with an id or file name a line"));
      continue;
    }
    entry.scalar = resolve_path(entry, key, problems);
    if (entry.string().empty()) continue;
    if (const auto file = read_file(entry, key, problems))
      lists[entry.key] = {{"path", file->path}, {"sha256", file->sha256}};
  }
  return lists;
}

void check_split_settings(const Node& data, core::DataConfig& config, ProblemList& problems) {
  if (config.folds == 1)
    problems.add(place_of(data, "folds"), "data.folds must be 0 (none) or at least 2, but is 1");
  if (config.fold && config.folds == 0) {
    problems.add(place_of(data, "fold"), "data.fold has no effect without data.folds; set both or neither");
  } else if (config.fold && *config.fold >= config.folds) {
    problems.add(place_of(data, "fold"),
                 fmt::format("data.fold must be from 0 to {} with data.folds = {}, but is {}",
                             config.folds - 1, config.folds, *config.fold));
  }
  if (config.group == "kind" || config.group == "none") return;
  try {
    const std::regex pattern(config.group);
  } catch (const std::regex_error& error) {
    problems.add(
        place_of(data, "group"),
        fmt::format("data.group: \"{}\" is no regular expression: {}; allowed: kind, none, or one such as "
                    "\"^[^_]+\"",
                    config.group, error.what()));
    config.group = "kind";
  }
}

void check_merge(const Node& data, const core::PartSpec& kind, core::DataConfig& config,
                 ProblemList& problems) {
  if (config.merge.empty()) return;
  const std::vector<std::string> names = core::class_names(kind, config.params);
  if (const std::string problem = core::merge_problem(names, config.merge); !problem.empty()) {
    problems.add(place_of(data, "merge"), "data.merge: " + problem);
    config.merge.clear();
    return;
  }
  if (config.background) {
    const auto old = static_cast<std::size_t>(*config.background);
    config.background = static_cast<int>(core::merge_classes(names, config.merge).index_of.at(old));
  }
}

}  // namespace segbench::study
