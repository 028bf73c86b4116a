// SPDX-License-Identifier: MIT
#include "results/profiles/log.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "harness/core/error.h"
#include "harness/trial/event_log.h"

namespace segbench::profiles {
namespace {

using core::Json;

constexpr int kSchema = 1;

std::vector<double> seconds_of(const Json& nanoseconds) {
  std::vector<double> seconds;
  for (const Json& ns : nanoseconds) seconds.push_back(ns.get<double>() * 1e-9);
  return seconds;
}

void take_header(ProfileLog& log, const Json& event) {
  if (const int schema = event.at("schema"); schema > kSchema)
    throw core::UserError(fmt::format(
        "a log of schema {}, which a later version of Segbench wrote; this one reads {}", schema, kSchema));
  log.header = event;
  for (const Json& row : event.at("rows")) {
    RowLog& taken = log.rows.emplace_back();
    taken.id = row.at("row");
    taken.facts = row;
  }
}

Visit visit_of(const Json& event) {
  Visit visit{.round = event.at("round"),
              .seconds = seconds_of(event.at("ns")),
              .stages = {},
              .machine = event.at("machine"),
              .disturbed = event.at("disturbed")};
  for (const auto& [stage, ns] : event.at("stages").items()) visit.stages[stage] = seconds_of(ns);
  return visit;
}

void take(ProfileLog& log, const Json& event) {
  const std::string type = event.at("type");
  if (type == "profile") return take_header(log, event);
  if (type == "attempt") ++log.attempts;
  if (type == "round") log.rounds[event.at("round")] = event.at("seconds");
  if (type == "finished") log.finished = event.at("why");
  if (!event.contains("row")) return;
  RowLog* row = log.find(event.at("row"));
  if (row == nullptr) throw core::UserError("an event of a row that the log does not have");
  if (type == "ready") row->ready = event;
  if (type == "failed") row->failure = event.at("message"), row->wrong = event.at("wrong");
  if (type == "visit") {
    row->visits.push_back(visit_of(event));
    log.last_round = std::max(log.last_round, row->visits.back().round);
  }
  if (type == "layers") {
    row->layers.clear();
    for (std::size_t i = 0; i < event.at("names").size(); ++i)
      row->layers.emplace_back(event.at("names").at(i), seconds_of(event.at("ns").at(i)));
  }
  if (type == "pass") row->passes[event.at("pass")] = event;
  if (type == "score") row->score = event;
  if (type == "auto") row->is_choice = true;
  if (type == "memory") {
    if (!event.at("peak_bytes").is_null()) row->peak_bytes = event.at("peak_bytes");
    if (!event.at("device_peak_bytes").is_null()) row->device_peak_bytes = event.at("device_peak_bytes");
  }
}

std::string text_of(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

}  // namespace

RowLog* ProfileLog::find(const std::string& id) {
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const RowLog& row) { return row.id == id; });
  return found == rows.end() ? nullptr : &*found;
}

ProfileLog read_profile_log(const std::filesystem::path& file) {
  const trial::EventLog events = trial::read_event_log(file);
  ProfileLog log;
  for (const trial::EventDefect& defect : events.defects)
    log.defects.push_back(fmt::format("{}:{}: {}", file.string(), defect.line, defect.message));
  for (std::size_t i = 0; i < events.events.size(); ++i) {
    const auto damaged = [&](const std::string& why) {
      log.defects.push_back(fmt::format("{}:{}: {}", file.string(), events.lines[i], why));
    };
    if (i == 0 && events.events[i].at("type") != "profile") break;
    try {
      take(log, events.events[i]);
    } catch (const Json::exception&) {
      damaged("an event that is not as it should be");
    } catch (const core::UserError& error) {
      if (i == 0) throw core::UserError(fmt::format("{}: {}", file.string(), error.what()));
      damaged(error.what());
    }
  }
  if (log.header.is_null()) throw core::UserError(fmt::format("{}: not the log of a profile", file.string()));
  return log;
}

void leave_out_disturbed(ProfileLog& log) {
  for (RowLog& row : log.rows)
    row.left_out += static_cast<std::int64_t>(
        std::erase_if(row.visits, [](const Visit& visit) { return visit.disturbed; }));
}

std::vector<std::filesystem::path> find_sessions(const std::filesystem::path& runs, const std::string& name) {
  std::vector<std::filesystem::path> found;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(runs / name / kProfileFolder, none)) {
    if (std::filesystem::exists(entry.path() / kProfileLog, none)) found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<std::filesystem::path> find_sessions(const std::filesystem::path& runs) {
  std::vector<std::filesystem::path> found;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(runs, none)) {
    for (const auto& session : find_sessions(runs, entry.path().filename().string()))
      found.push_back(session);
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<std::string> row_labels(const std::vector<Json>& rows) {
  struct Part {
    const char* key;
    const char* form;  ///< "" shows the value alone
  };
  constexpr Part kParts[] = {
      {"model", ""},     {"engine", ""},        {"batch", "batch {}"},     {"size", ""},
      {"precision", ""}, {"memory_format", ""}, {"threads", "{} threads"}, {"device", ""}};
  const auto value = [](const Json& row, const char* key) {
    if (std::string_view(key) != "size") return text_of(row.at(key));
    return text_of(row.at("height")) + "x" + text_of(row.at("width"));
  };
  std::vector<std::vector<std::string>> words(rows.size());
  for (const Part& part : kParts) {
    std::set<std::string> values;
    for (const Json& row : rows) values.insert(value(row, part.key));
    const bool always = std::string_view(part.key) == "model" || std::string_view(part.key) == "engine";
    if (values.size() < 2 && !always) continue;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const std::string text = value(rows[i], part.key);
      words[i].push_back(*part.form == '\0' ? text : fmt::format(fmt::runtime(part.form), text));
      if (words[i].back() == "1 threads") words[i].back() = "1 thread";
    }
  }
  std::vector<std::string> labels;
  std::map<std::string, int> seen;
  for (const auto& of_row : words) {
    std::string label = fmt::format("{}", fmt::join(of_row, ", "));
    if (const int copies = ++seen[label]; copies > 1) label += fmt::format(" ({})", copies);
    labels.push_back(std::move(label));
  }
  return labels;
}

}  // namespace segbench::profiles
