// SPDX-License-Identifier: MIT
#include "reports/profile/tables.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "harness/core/text.h"
#include "harness/text/numbers.h"

namespace segbench::reports {
namespace {

using core::Json;
using profiles::ProfileResults;
using profiles::RowResult;
using text::Cell;
using text::number_cell;

std::optional<double> in_ms(const std::optional<double>& seconds) {
  return seconds ? std::optional(*seconds * 1e3) : std::nullopt;
}

/// Three significant digits.
std::string significant(double value) {
  return fmt::format("{:.{}f}", value, value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3);
}

Cell number(const std::optional<double>& value) {
  return number_cell(value, value ? significant(*value) : text::kUndefined);
}

Cell interval_cell(const std::optional<statistics::Interval>& interval, double scale) {
  if (!interval) return Cell(Json());
  Cell cell(Json{interval->low * scale, interval->high * scale});
  cell.text = fmt::format("{} – {}", significant(interval->low * scale), significant(interval->high * scale));
  return cell;
}

/// "no difference" says how large one could be all the same.
std::string verdict_text(const RowResult& row) {
  const std::string verdict(to_string(row.verdict));
  if (row.verdict != profiles::Verdict::kNoDifference || !row.ratio || !row.ratio->interval) return verdict;
  const auto& [low, high] = *row.ratio->interval;
  return fmt::format("{} (of {:.2g} %)", verdict, 100 * std::max(std::abs(1 - low), std::abs(high - 1)));
}

Cell bytes_cell(const std::optional<std::int64_t>& bytes) {
  return number_cell(bytes ? std::optional(static_cast<double>(*bytes)) : std::nullopt,
                     bytes ? core::human_bytes(static_cast<std::uint64_t>(*bytes)) : text::kUndefined);
}

}  // namespace

std::string human_seconds(double seconds) {
  return seconds < 1 ? significant(seconds * 1e3) + " ms" : significant(seconds) + " s";
}

text::Table profile_table(const ProfileResults& results) {
  using text::Where;
  text::Table table;
  const auto column = [](const char* key, const char* title, Where where = Where::kEverywhere) {
    return text::Column{.key = key, .title = title, .number = true, .where = where};
  };
  table.columns = {{.key = "row"},
                   column("median_ms", "median ms"),
                   column("median_interval_ms", "95 % interval"),
                   column("p90_ms", "p90"),
                   column("p95_ms", "p95"),
                   column("p99_ms", "p99"),
                   column("images_per_s", "images/s"),
                   column("ratio", "ratio"),
                   column("ratio_interval", "99 % interval"),
                   {.key = "verdict"},
                   column("gflops_per_s", "GFLOP/s"),
                   column("of_roofline", "of roofline"),
                   column("first_ms", "first ms"),
                   column("startup_s", "start s"),
                   column("peak_bytes", "memory"),
                   column("file_bytes", "file"),
                   column("error", "error"),
                   column("rounds", "rounds"),
                   column("disturbed_rounds", "disturbed"),
                   column("iterations", "iterations", Where::kData),
                   column("end_to_end_ms", "end to end ms"),
                   column("score", "score"),
                   column("read_ms", "read ms", Where::kData),
                   column("to_device_ms", "to device ms", Where::kData),
                   column("argmax_ms", "arg max ms", Where::kData),
                   column("to_host_ms", "to host ms", Where::kData),
                   column("p_holm", "p (Holm)", Where::kData),
                   {.key = "failure", .title = "", .where = Where::kData}};
  for (const RowResult& row : results.rows) {
    const std::string verdict = row.failure.empty() ? verdict_text(row) : "failed";
    const auto stage = [&](const char* name) {
      const auto found = row.stages.find(name);
      return number(found == row.stages.end() ? std::nullopt : in_ms(found->second));
    };
    Cell error = number_cell(row.error, row.error ? fmt::format("{:.0e}", *row.error) : text::kUndefined);
    table.rows.push_back(
        {row.label,
         number(in_ms(row.median_s)),
         interval_cell(row.median_interval, 1e3),
         number(in_ms(row.p90_s)),
         number(in_ms(row.p95_s)),
         number(in_ms(row.p99_s)),
         number(row.throughput),
         number(row.ratio ? std::optional(row.ratio->value) : std::nullopt),
         interval_cell(row.ratio ? row.ratio->interval : std::nullopt, 1),
         verdict,
         number(row.flops_per_s ? std::optional(*row.flops_per_s * 1e-9) : std::nullopt),
         number(row.of_roofline),
         number(in_ms(row.first_s)),
         number(row.startup_s),
         bytes_cell(row.peak_bytes),
         bytes_cell(row.file_bytes),
         error,
         row.rounds,
         row.disturbed,
         row.iterations,
         number(in_ms(row.end_to_end_s)),
         number_cell(row.score, row.score ? fmt::format("{:.4f}", *row.score) : text::kUndefined),
         stage("read"),
         stage("to_device"),
         stage("argmax"),
         stage("to_host"),
         row.ratio && row.ratio->p ? Json(*row.ratio->p) : Json(),
         row.failure.empty() ? Json() : Json(row.failure)});
  }
  return table;
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
  std::int64_t rounds = 0, disturbed = 0;
  for (const RowResult& row : results.rows) {
    rounds += row.rounds, disturbed += row.disturbed;
    if (!row.failure.empty())
      notes.push_back(fmt::format("{}: failed: {}", row.label, row.failure));
    else if (row.iterations == 0)
      notes.push_back(fmt::format("{}: not measured yet", row.label));
    if (!row.note.empty()) notes.push_back(fmt::format("{}: {}", row.label, row.note));
    if (!row.stationary)
      notes.push_back(fmt::format("{}: its times still had a trend when the warm-up ended", row.label));
  }
  for (const RowResult& row : results.rows) {
    if (row.best && row.median_s)
      notes.push_back(fmt::format("auto: {}, {}", row.label, human_seconds(*row.median_s)));
  }
  notes.insert(notes.end(), results.notes.begin(), results.notes.end());
  if (disturbed > 0)
    notes.push_back(
        fmt::format("{} of {} visits were disturbed by other work on the machine; they count all the same "
                    "(--undisturbed leaves them out)",
                    disturbed, rounds));
  if (results.finished == "time")
    notes.push_back(
        "the time was over before every median was known as well as asked for (profile.median_within)");
  if (results.finished.empty()) notes.push_back("it is not finished; the same command goes on");
  notes.insert(notes.end(), results.defects.begin(), results.defects.end());
  return notes;
}

std::string google_benchmark_json(const profiles::ProfileLog& log, const ProfileResults& results) {
  Json benchmarks = Json::array();
  for (std::size_t i = 0; i < log.rows.size(); ++i) {
    std::int64_t repetition = 0;
    const auto medians = profiles::round_medians(log.rows[i]);
    for (const auto& [round, seconds] : medians) {
      benchmarks.push_back({{"name", results.rows[i].label},
                            {"run_name", results.rows[i].label},
                            {"run_type", "iteration"},
                            {"family_index", i},
                            {"per_family_instance_index", 0},
                            {"repetitions", medians.size()},
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
