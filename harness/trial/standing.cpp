// SPDX-License-Identifier: MIT
#include "harness/trial/standing.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <system_error>
#include <vector>

#include "harness/core/determinism.h"
#include "harness/core/error.h"
#include "harness/core/machine.h"
#include "harness/trial/event_log.h"

namespace segbench::trial {
namespace {

template <typename T>
std::optional<T> number_in(const core::Json& event, const char* key) {
  const auto found = event.find(key);
  if (found == event.end() || !found->is_number()) return std::nullopt;
  return found->get<T>();
}

std::string text_in(const core::Json& event, const char* key) {
  const auto found = event.find(key);
  return found != event.end() && found->is_string() ? found->get<std::string>() : "";
}

/// The version of the events that this program writes: "schema" of the event "trial".
constexpr std::int64_t kEventsSchema = 1;
constexpr std::size_t kBlock = 1 << 16;  ///< bytes that are read at once

LogEvidence damaged(std::string_view what, int line = 0) {
  const std::string place = line > 0 ? fmt::format(", line {}", line) : "";
  return {LogState::kDamaged, fmt::format("{}{}: {}", core::kEventsFile, place, what)};
}

/// A trial's folder is called by its id; a copy may be called otherwise.
bool is_of_this_trial(const std::string& trial_id, const std::filesystem::path& folder) {
  if (trial_id.empty() || folder.filename() == trial_id) return true;
  try {
    return core::read_trial_spec(folder / core::kTrialFile).trial_id == trial_id;
  } catch (const core::UserError&) {
    return false;
  }
}

/// An attempt that was begun and not ended.
void apply_open(const AttemptRecord& attempt, const std::string& trial_id, TrialStanding& standing) {
  standing.process = static_cast<int>(attempt.pid.value_or(0));
  const bool elsewhere = !attempt.host.empty() && attempt.host != core::host_name();
  if (elsewhere || core::process_mentions(standing.process, trial_id)) {
    standing.status = core::TrialStatus::kRunning;
  } else {
    standing.status = core::TrialStatus::kInterrupted;
    standing.message = "its process is gone without a word; it continues from its checkpoint";
    standing.process = 0;
  }
}

TrialStanding standing_of_attempts(const AttemptLog& log, const std::string& trial_id) {
  TrialStanding standing;
  if (log.attempts.empty()) return standing;
  const AttemptRecord& last = log.attempts.back();
  standing.attempts = last.attempt;
  standing.host = last.host;
  standing.gpu = gpu_of(last);
  standing.seconds = 0;
  for (const AttemptRecord& attempt : log.attempts) *standing.seconds += attempt.seconds.value_or(0);
  if (!last.status) {
    apply_open(last, trial_id, standing);
    if (standing.status == core::TrialStatus::kRunning)
      *standing.seconds += std::max(0.0, core::seconds_since(last.started).value_or(0));
  } else {
    standing.status = core::trial_status_from_string(*last.status);
    standing.reason = core::failure_reason_from_string(last.reason.value_or(""));
    standing.message = last.message.value_or("");
    standing.is_recorded = standing.status == core::TrialStatus::kComplete;
  }
  return standing;
}

/// What the log says against the attempts' word, or for it.
void weigh(const std::filesystem::path& trial_folder, TrialStanding& standing) {
  const bool claimed = standing.status == core::TrialStatus::kComplete;
  const auto unproven = [&](const std::string& why) {
    standing.status = core::TrialStatus::kInterrupted;
    standing.reason = core::FailureReason::kNone;
    standing.unproven = true;
    standing.message = fmt::format(
        "{}; `segbench run` trains the trial again and keeps the files of before in {}/", why, kAsideFolder);
  };
  switch (standing.log.state) {
    case LogState::kWhole:
      standing.status = core::TrialStatus::kComplete;
      standing.reason = core::FailureReason::kNone;
      standing.message.clear();
      standing.process = 0;
      if (std::error_code none;
          standing.log.trained && !std::filesystem::exists(trial_folder / core::kWeightsFile, none))
        standing.message = fmt::format("{} is missing", core::kWeightsFile);
      break;
    case LogState::kDiverged:
      if (standing.reason != core::FailureReason::kDiverged) standing.message = "the training diverged";
      standing.status = core::TrialStatus::kFailed;
      standing.reason = core::FailureReason::kDiverged;
      break;
    case LogState::kDamaged:
      if (claimed || standing.status == core::TrialStatus::kPending)
        unproven(standing.log.defect);
      else if (standing.status == core::TrialStatus::kInterrupted)
        standing.message = standing.log.defect;  // its checkpoint may lie before the damage
      break;
    case LogState::kNewer:
      standing.status = core::TrialStatus::kFailed;
      standing.reason = core::FailureReason::kError;
      standing.message = standing.log.defect;
      standing.process = 0;
      break;
    case LogState::kAbsent:
      if (claimed) unproven(fmt::format("{} is missing or empty", core::kEventsFile));
      break;
    case LogState::kOpen:
      if (claimed) unproven(fmt::format("{} has no end: events are missing", core::kEventsFile));
      if (standing.status == core::TrialStatus::kPending) standing.status = core::TrialStatus::kInterrupted;
      break;
  }
}

/// The lines of a log before the first that is damaged or torn.
struct SoundLines {
  std::string_view first, last;
  int lines = 0;
  std::size_t bytes = 0;
  std::string_view defect;  ///< of the line behind them; "" when it is torn or there is none
};

SoundLines read_sound_lines(std::string_view events) {
  SoundLines sound;
  LogChain chain;
  while (sound.bytes < events.size()) {
    const std::size_t end = events.find('\n', sound.bytes);
    if (end == std::string_view::npos) break;  // torn
    const std::string_view line = events.substr(sound.bytes, end - sound.bytes);
    if (line.size() < 2 || line.front() != '{' || line.back() != '}') {
      sound.defect = "no event";
      break;
    }
    if (!chain.accept(line)) {
      sound.defect = "this line, or one before it, was changed later";
      break;
    }
    sound.bytes = end + 1;
    sound.last = line;
    if (++sound.lines == 1) sound.first = line;
  }
  return sound;
}

}  // namespace

std::uint64_t sound_bytes(const std::filesystem::path& trial_folder) {
  return read_sound_lines(read_log_text(trial_folder)).bytes;
}

LogEvidence read_evidence(const std::filesystem::path& trial_folder) {
  return judge_log(read_log_text(trial_folder), trial_folder);
}

LogEvidence judge_log(std::string_view events, const std::filesystem::path& trial_folder) {
  const SoundLines sound = read_sound_lines(events);
  const auto& [first, last, lines, bytes, defect] = sound;
  const core::Json begin = core::Json::parse(first, nullptr, /*allow_exceptions=*/false);
  if (begin.is_object()) {
    if (const auto schema = number_in<std::int64_t>(begin, "schema").value_or(kEventsSchema);
        schema > kEventsSchema)
      return {LogState::kNewer,
              fmt::format("{}: has schema {}, but this version reads schema {}; use the version of segbench "
                          "that wrote it",
                          core::kEventsFile, schema, kEventsSchema)};
  }
  if (!defect.empty()) return damaged(defect, lines + 1);
  if (lines == 0) return {};
  const core::Json end = core::Json::parse(last, nullptr, /*allow_exceptions=*/false);
  if (!begin.is_object()) return damaged("no event", 1);
  if (!end.is_object()) return damaged("no event", lines);
  if (!is_of_this_trial(text_in(begin, "trial_id"), trial_folder))
    return damaged(fmt::format("the log of another trial, {}", text_in(begin, "trial_id").substr(0, 40)));
  const std::string type = text_in(end, "type");
  if (type != "finished" && type != "diverged") return {LogState::kOpen, ""};
  if (text_in(begin, "type") != "trial") return damaged("the beginning is missing", 1);
  if (number_in<std::int64_t>(end, "seq") != lines - 1)
    return damaged(
        fmt::format("lines are missing or were put in: the last one's \"seq\" should be {}", lines - 1),
        lines);
  return {.state = type == "finished" ? LogState::kWhole : LogState::kDiverged,
          .defect = "",
          .trained = number_in<std::int64_t>(end, "epochs") != 0};
}

std::string read_log_text(const std::filesystem::path& trial_folder) {
  std::string content;
  const int descriptor = ::open((trial_folder / core::kEventsFile).c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return content;
  struct stat found {};
  const std::size_t told = ::fstat(descriptor, &found) == 0 ? static_cast<std::size_t>(found.st_size) : 0;
  std::size_t block = told + 1;
  while (true) {
    const std::size_t size = content.size();
    content.resize(size + block);
    const ssize_t n = ::read(descriptor, content.data() + size, block);
    content.resize(size + static_cast<std::size_t>(n > 0 ? n : 0));
    // Before the end that was told, a file system may give less than it was asked for.
    if (n <= 0 || (n < static_cast<ssize_t>(block) && content.size() >= told)) break;
    block = kBlock;  // it grows meanwhile
  }
  ::close(descriptor);
  return content;
}

TrialStanding read_trial_standing(const std::filesystem::path& trial_folder) {
  return judge_trial(trial_folder, read_log_text(trial_folder), read_attempts(trial_folder));
}

TrialStanding judge_trial(const std::filesystem::path& trial_folder, std::string_view events,
                          const AttemptLog& attempts) {
  TrialStanding standing = standing_of_attempts(attempts, trial_folder.filename().string());
  standing.log = judge_log(events, trial_folder);
  weigh(trial_folder, standing);
  return standing;
}

std::filesystem::path set_aside(const std::filesystem::path& trial_folder) {
  std::vector<std::string> names = {core::kEventsFile, core::kWeightsFile, core::kPredictionsFile,
                                    core::kDeterminismFile};
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(trial_folder, error)) {
    if (entry.path().filename().string().starts_with("checkpoint")) names.push_back(entry.path().filename());
  }
  std::filesystem::path target;
  for (const std::string& name : names) {
    error.clear();
    if (!std::filesystem::exists(trial_folder / name, error)) continue;
    for (int n = 1; target.empty(); ++n) {
      const auto candidate = trial_folder / kAsideFolder / std::to_string(n);
      if (std::filesystem::exists(candidate, error)) continue;
      std::filesystem::create_directories(candidate, error);
      target = candidate;
    }
    if (!error) std::filesystem::rename(trial_folder / name, target / name, error);
    if (error)
      throw core::UserError(fmt::format("{}: cannot be moved to {}: {}", (trial_folder / name).string(),
                                        target.string(), error.message()),
                            core::kTrialFailed);
  }
  return target;
}

}  // namespace segbench::trial
