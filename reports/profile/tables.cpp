// SPDX-License-Identifier: MIT
#include "reports/profile/tables.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>

namespace segbench::reports {

using core::Json;
using profiles::ProfileResults;
using profiles::RowResult;

std::string human_seconds(double seconds) {
  return seconds < 1 ? significant(seconds * 1e3) + " ms" : significant(seconds) + " s";
}

std::vector<std::string> verdict_lines(const ProfileResults& results) {
  std::map<std::string, const RowResult*> fastest;  // by reference: the rows of one image size and batch
  for (const RowResult& row : results.rows) {
    if (!row.median_s) continue;
    const RowResult*& best = fastest[row.reference];
    if (best == nullptr || *row.median_s < *best->median_s) best = &row;
  }
  std::vector<std::string> lines;
  for (const RowResult& reference : results.rows) {
    const auto found = fastest.find(reference.id);
    if (found == fastest.end()) continue;
    const RowResult& best = *found->second;
    const bool undecided = best.id != reference.id && best.verdict != profiles::Verdict::kFaster;
    std::string line =
        fmt::format("{} {} {}", best.label, undecided ? "has the lowest median," : "is the fastest with",
                    human_seconds(*best.median_s));
    if (best.ratio && best.ratio->interval) {
      const auto& [low, high] = *best.ratio->interval;
      line += fmt::format(": {:.2f} times as fast as {} (between {:.2f} and {:.2f})", 1 / best.ratio->value,
                          reference.label, 1 / high, 1 / low);
      if (undecided) line += "; that does not tell the two apart";
    }
    lines.push_back(line + ".");
  }
  return lines;
}

std::vector<std::string> notes_on(const ProfileResults& results) {
  std::vector<std::string> notes;
  std::map<std::string, int> unstable;
  std::int64_t visits = 0, disturbed = 0, left_out = 0;
  for (const RowResult& row : results.rows) {
    visits += row.rounds + row.left_out, disturbed += row.disturbed, left_out += row.left_out;
    if (!row.failure.empty())
      notes.push_back(fmt::format("{}: failed: {}", row.label, row.failure));
    else if (row.iterations == 0)
      notes.push_back(fmt::format(
          "{}: {}", row.label,
          row.left_out > 0 ? "each of its visits was disturbed, so that none is left" : "not measured yet"));
    if (!row.note.empty()) notes.push_back(fmt::format("{}: {}", row.label, row.note));
    if (!row.stationary)
      notes.push_back(fmt::format("{}: its times still had a trend when the warm-up ended", row.label));
  }
  notes.insert(notes.end(), results.notes.begin(), results.notes.end());
  if (disturbed > 0)
    notes.push_back(fmt::format(
        "{} of {} visits were disturbed by other work on the machine; {}", disturbed, visits,
        left_out > 0 ? "they are left out" : "they count all the same (--undisturbed leaves them out)"));
  if (results.finished == "time")
    notes.push_back(
        "the time was over before every median was known as well as asked for (profile.median_within)");
  if (results.finished.empty()) notes.push_back("it is not finished; the same command goes on");
  notes.insert(notes.end(), results.defects.begin(), results.defects.end());
  return notes;
}

std::string google_benchmark_json(const profiles::ProfileLog& log, const ProfileResults& results) {
  Json benchmarks = Json::array();
  for (std::size_t i = 0; i < results.rows.size(); ++i) {
    const RowResult& row = results.rows[i];
    if (!profiles::is_measured(row)) continue;  // compare.py would take an error for a time
    std::int64_t repetition = 0;
    for (const auto& [round, seconds] : row.round_medians) {
      benchmarks.push_back({{"name", row.label},
                            {"run_name", row.label},
                            {"run_type", "iteration"},
                            {"family_index", i},
                            {"per_family_instance_index", 0},
                            {"repetitions", row.round_medians.size()},
                            {"repetition_index", repetition++},
                            {"threads", 1},
                            {"iterations", 1},
                            {"real_time", seconds * 1e6},
                            {"cpu_time", seconds * 1e6},
                            {"time_unit", "us"}});
    }
  }
  const Json& machine = results.machine;
  const Json context = {{"date", log.header.at("time")},
                        {"host_name", machine.value("host", "")},
                        {"executable", "segbench profile"},
                        {"num_cpus", machine.value("usable_cpus", 0)},
                        {"mhz_per_cpu", 0},
                        {"cpu_scaling_enabled", machine.value("governor", "") != "performance"},
                        {"caches", Json::array()},
                        {"load_avg", Json::array()},
                        {"library_build_type", "release"}};
  return Json{{"context", context}, {"benchmarks", benchmarks}}.dump(2) + "\n";
}

}  // namespace segbench::reports
