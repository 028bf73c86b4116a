// SPDX-License-Identifier: MIT
#include "harness/trial/folder.h"

#include <fmt/format.h>

#include "harness/trial/spec_recovery.h"

namespace segbench::trial {
namespace {

/// Final evaluations whose images are missing or do not add up to what was counted over all of them.
void warn_about_images(const std::filesystem::path& file, const EventSummary& events, Warnings& warnings) {
  for (const EvaluationEvent& e : events.evaluations) {
    if (e.weights != "selected") continue;
    if (static_cast<std::int64_t>(e.image_records.size()) != e.images) {
      warnings.add(file, 0,
                   fmt::format("the final evaluation on {} is of {} images; {} are recorded one by one",
                               e.split, e.images, e.image_records.size()));
      continue;
    }
    std::vector<core::ClassCounts> sums(e.counts.size());
    for (const auto& [index, image] : e.image_records) {
      for (std::size_t c = 0; c < sums.size(); ++c) sums[c] += image.counts[c];
    }
    if (sums != e.counts) {
      warnings.add(
          file, 0,
          fmt::format("the images of the final evaluation on {} do not add up to its counts", e.split));
    }
  }
}

}  // namespace

FolderContent read_folder(const std::filesystem::path& trial_folder) {
  const std::filesystem::path events_file = trial_folder / core::kEventsFile;
  Warnings warnings;
  FolderContent content;
  std::string defect;
  content.spec = read_or_recover_spec(trial_folder, defect);
  if (!defect.empty())
    warnings.add(trial_folder / core::kTrialFile, 0,
                 "not usable; the trial is taken from its log and study.json, and `segbench run` writes the "
                 "file anew");
  const std::string events = read_log_text(trial_folder);
  content.attempts = read_attempts(trial_folder);
  content.standing = judge_trial(trial_folder, events, content.attempts);
  const LogState state = content.standing.log.state;
  if (state == LogState::kNewer) {
    warnings.add(events_file, 0, "left out: " + content.standing.log.defect);
  } else {
    if (state == LogState::kDamaged || content.standing.unproven)
      warnings.add(events_file, 0, "not taken as complete: " + content.standing.message);
    content.events = summarise_events(parse_event_log(events), content.spec, events_file, warnings);
    if (content.events.finished) warn_about_images(events_file, content.events, warnings);
  }
  for (const EventDefect& left_out : content.attempts.defects)
    warnings.add(trial_folder / core::kAttemptsFile, left_out.line, left_out.message);
  if (state == LogState::kDiverged && !content.events.ending.empty())
    content.standing.message = content.events.ending;
  content.verification = read_verification(trial_folder, warnings);
  content.warnings = warnings.take();
  return content;
}

}  // namespace segbench::trial
