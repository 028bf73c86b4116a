// SPDX-License-Identifier: MIT
#include "harness/trial/looks_log.h"

#include <fmt/format.h>

#include <climits>

#include "harness/core/files.h"
#include "harness/core/looks.h"
#include "harness/core/study_file.h"
#include "harness/trial/event_log.h"

namespace segbench::trial {
LooksLog read_looks(const std::filesystem::path& study_folder) {
  const std::filesystem::path file = study_folder / core::kLooksFile;
  const EventLog log = read_event_log(file);
  LooksLog result;
  const int sound = log.defects.empty() ? INT_MAX : log.defects.front().line;
  for (std::size_t i = 0; i < log.events.size() && log.lines[i] < sound; ++i) {
    if (log.events[i].at("type") == "look") result.looks.push_back(log.events[i]);
  }
  if (!log.defects.empty())
    result.defect = fmt::format("{}:{}: {}", file.string(), sound, log.defects.front().message);
  return result;
}

void append_look(const std::filesystem::path& study_folder, const core::Json& look) {
  EventWriter writer(study_folder / core::kLooksFile, UINT64_MAX, LogKind::kChained);
  writer.append("look", look);
  writer.sync();
}

core::Json read_study(const std::filesystem::path& study_folder) {
  core::Json study = core::Json::parse(core::read_file(study_folder / core::kStudyFile), nullptr,
                                       /*allow_exceptions=*/false);
  if (study.is_discarded()) return nullptr;
  if (std::error_code none; study.is_object() && study.contains("search") && study.at("search").is_object() &&
                            std::filesystem::exists(study_folder / core::kSearchFile, none)) {
    core::Json record = core::Json::parse(core::read_file(study_folder / core::kSearchFile), nullptr,
                                          /*allow_exceptions=*/false);
    if (record.is_object()) study["search"]["record"] = std::move(record);
  }
  core::Json looks = read_looks(study_folder).looks;
  if (study.is_object() && !looks.empty()) study["looks"] = std::move(looks);
  return study;
}

core::Json search_record(const core::Json& study) {
  if (!study.is_object() || !study.contains("search") || !study.at("search").is_object()) return nullptr;
  return study.at("search").value("record", core::Json());
}

bool is_search_finished(const core::Json& study) {
  const core::Json record = search_record(study);
  return record.is_object() && record.value("finished", core::Json()) == true;
}

std::set<std::string> drawn_variants(const core::Json& study) {
  const core::Json record = search_record(study);
  std::set<std::string> ids;
  if (!record.is_object() || !record.contains("draws")) return ids;
  for (const core::Json& draw : record.at("draws")) {
    const core::Json id = draw.is_object() ? draw.value("variant", core::Json()) : core::Json();
    if (id.is_string()) ids.insert(id.get<std::string>());
  }
  return ids;
}

}  // namespace segbench::trial
