// SPDX-License-Identifier: MIT
#include "results/profiles/conclude.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "harness/core/error.h"
#include "results/profiles/beside.h"
#include "results/profiles/roofline.h"
#include "results/statistics/corrections.h"
#include "results/statistics/median.h"
#include "results/statistics/paired.h"

namespace segbench::profiles {
namespace {

using core::Json;

constexpr double kAlpha = 0.01;  // the same network under two names is "no difference" 99 times in 100

template <typename Value>
std::optional<Value> at(const Json& json, const char* key) {
  if (!json.contains(key) || json.at(key).is_null()) return std::nullopt;
  return json.at(key).get<Value>();
}

std::vector<double> values_of(const std::map<std::int64_t, double>& series) {
  std::vector<double> values;
  for (const auto& [round, value] : series) values.push_back(value);
  return values;
}

/// All stages of each iteration together; empty where the engine does not tell them.
std::vector<double> end_to_end(const RowLog& row) {
  std::vector<double> sums;
  for (const Visit& visit : row.visits) {
    if (!visit.stages.contains("argmax")) return {};  // the harness alone tells one
    std::vector<double> total = visit.seconds;
    for (const auto& [stage, seconds] : visit.stages) {
      if (seconds.size() != total.size()) return {};
      for (std::size_t i = 0; i < total.size(); ++i) total[i] += seconds[i];
    }
    sums.insert(sums.end(), total.begin(), total.end());
  }
  return sums;
}

RowResult summarise(const RowLog& row) {
  RowResult result{.id = row.id, .label = {}, .facts = row.facts, .failure = row.failure, .wrong = row.wrong};
  result.rounds = std::ssize(row.visits);
  result.disturbed = result.left_out = row.left_out;
  result.round_medians = round_medians(row);
  std::vector<double> seconds;
  for (const Visit& visit : row.visits) {
    result.disturbed += visit.disturbed ? 1 : 0;
    seconds.insert(seconds.end(), visit.seconds.begin(), visit.seconds.end());
  }
  result.iterations = static_cast<std::int64_t>(seconds.size());
  if (row.failure.empty()) {
    result.median_s = statistics::quantile(seconds, 0.5);
    result.median_interval = statistics::median_interval(values_of(result.round_medians));
    result.p90_s = statistics::supported_quantile(seconds, 0.90);
    result.p95_s = statistics::supported_quantile(seconds, 0.95);
    result.p99_s = statistics::supported_quantile(seconds, 0.99);
    result.end_to_end_s = statistics::quantile(end_to_end(row), 0.5);
    if (result.median_s) result.throughput = row.facts.at("batch").get<double>() / *result.median_s;
  }
  if (row.ready) {
    const Json& ready = *row.ready;
    result.startup_s = at<double>(ready, "startup_s");
    result.load_s = at<double>(ready, "load_s");
    if (const auto first = at<double>(ready, "first_ns")) result.first_s = *first * 1e-9;
    result.file_bytes = at<std::int64_t>(ready, "file_bytes");
    result.note = ready.value("note", "");
    result.stationary = ready.value("stationary", true);
    const Json check = ready.value("check", Json::object());
    result.error = at<double>(check, "error");
    result.labels_differ = at<double>(check, "labels_differ");
  }
  set_beside(result, row);
  result.peak_bytes = row.peak_bytes;
  result.device_peak_bytes = row.device_peak_bytes;
  return result;
}

/// What the network costs, and which share of the machine's ceilings it reaches.
void set_cost(RowResult& result, const ProfileLog& log, const RowLog& row) {
  const Json networks = log.header.value("networks", Json::array());
  const std::size_t index = row.facts.value("network_index", networks.size());
  if (index < networks.size() && !networks[index].is_null()) {
    result.parameters = at<double>(networks[index], "parameters");
    result.macs = at<double>(networks[index], "macs");
    if (result.median_s && result.macs)
      result.flops_per_s = 2 * *result.macs * row.facts.at("batch").get<double>() / *result.median_s;
  }
  if (const auto roof = roof_of(log, row); roof && result.median_s)
    result.of_roofline = roof->least_s / *result.median_s;
}

/// Rows of one key are the same work for one image size and batch.
Json work_of(const RowResult& row) {
  return {row.facts.at("batch"), row.facts.at("height"), row.facts.at("width")};
}

/// Seconds that profile.published gives to the network: by the text of its model, or the beginning of its
/// label.
void set_published(RowResult& row, const Json& published) {
  for (const auto& [key, seconds] : published.items()) {
    const std::string model = row.facts.at("network").value("model", ""), label = row.facts.at("model");
    if (key == model || label.starts_with(key)) row.published_s = seconds.get<double>();
  }
}

bool has_engine(const RowResult& row, const std::string& engine) {
  return row.facts.value("engine", "") == engine;
}

/// How well a row serves as the reference of another one of the same work; less is better.
int rank_as_reference(const RowResult& candidate, const RowResult& row, const std::string& wanted,
                      bool by_engine) {
  if (!by_engine) return wanted.empty() || candidate.label.starts_with(wanted) ? 0 : 1;
  if (candidate.facts.at("network") != row.facts.at("network")) return 2;
  return has_engine(candidate, wanted) ? 0 : 1;
}

void choose_references(ProfileResults& results, const std::string& wanted) {
  const auto any = [&](const auto& fits) {
    return std::any_of(results.rows.begin(), results.rows.end(), fits);
  };
  const bool by_engine = any([&](const RowResult& row) { return has_engine(row, wanted); });
  if (!by_engine && !any([&](const RowResult& row) { return row.label.starts_with(wanted); }))
    throw core::UserError(fmt::format("no row of the profile is called \"{}\", and no engine", wanted));
  for (RowResult& row : results.rows) {
    const RowResult* reference = nullptr;
    const auto rank = [&](const RowResult& other) {
      return rank_as_reference(other, row, wanted, by_engine);
    };
    for (const RowResult& other : results.rows) {
      if (!is_measured(other) || work_of(other) != work_of(row)) continue;
      if (reference == nullptr || rank(other) < rank(*reference)) reference = &other;
    }
    if (reference != nullptr) row.reference = reference->id;
  }
}

/// Paired ratios; their intervals are at the levels of Holm's steps (1979), so that one excludes 1 where the
/// adjusted p value is below 1 %.
void compare(ProfileResults& results) {
  std::map<std::string, std::map<std::int64_t, double>> series;
  for (const RowResult& row : results.rows) series[row.id] = row.round_medians;
  std::vector<RowResult*> compared;
  std::vector<double> p;
  for (RowResult& row : results.rows) {
    if (!is_measured(row)) continue;
    if (row.reference == row.id) {
      row.verdict = Verdict::kReference;
      continue;
    }
    row.ratio = paired_ratio(series[row.id], series[row.reference]);
    if (!row.ratio || !row.ratio->p) continue;
    compared.push_back(&row);
    p.push_back(*row.ratio->p);
  }
  const std::vector<double> adjusted = statistics::holm(p);
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
  for (std::size_t step = 0; step < order.size(); ++step) {
    RowResult& row = *compared[order[step]];
    const double level = 1 - kAlpha / static_cast<double>(order.size() - step);
    row.ratio = paired_ratio(series[row.id], series[row.reference], level);
    row.ratio->p = adjusted[order[step]];
    row.verdict = *row.ratio->p >= kAlpha ? Verdict::kNoDifference
                  : row.ratio->value < 1  ? Verdict::kFaster
                                          : Verdict::kSlower;
  }
}

/// The fastest row of each network, image size, batch, precision, device and number of threads; what the
/// session recorded, once it is finished.
void choose_best(ProfileResults& results, const ProfileLog& log) {
  bool is_recorded = false;
  for (std::size_t i = 0; i < log.rows.size(); ++i) {
    results.rows[i].best = log.rows[i].is_choice;
    is_recorded = is_recorded || log.rows[i].is_choice;
  }
  if (is_recorded) return;
  std::map<std::string, RowResult*> best;
  for (RowResult& row : results.rows) {
    if (!is_measured(row)) continue;
    RowResult*& chosen = best[(Json{row.facts.at("network"), work_of(row), row.facts.at("precision"),
                                    row.facts.at("device"), row.facts.at("threads")})
                                  .dump()];
    if (chosen == nullptr || *row.median_s < *chosen->median_s) chosen = &row;
  }
  for (auto& [work, row] : best) row->best = true;
}

}  // namespace

bool is_measured(const RowResult& row) {
  return row.failure.empty() && row.median_s.has_value();
}

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::kReference:
      return "reference";
    case Verdict::kFaster:
      return "faster";
    case Verdict::kSlower:
      return "slower";
    case Verdict::kNoDifference:
      return "no difference";
    case Verdict::kUnknown:
      return "unknown";
  }
  throw core::InternalError("an unknown verdict");
}

std::map<std::int64_t, double> round_medians(const RowLog& row) {
  std::map<std::int64_t, double> medians;
  for (const Visit& visit : row.visits) {
    if (const auto median = statistics::quantile(visit.seconds, 0.5)) medians[visit.round] = *median;
  }
  return medians;
}

std::optional<Ratio> paired_ratio(const std::map<std::int64_t, double>& row,
                                  const std::map<std::int64_t, double>& reference, double level) {
  std::vector<double> logs;
  for (const auto& [round, seconds] : row) {
    const auto other = reference.find(round);
    if (other != reference.end()) logs.push_back(std::log(seconds / other->second));
  }
  const auto mean = statistics::mean(logs);
  if (!mean) return std::nullopt;
  Ratio ratio{.value = std::exp(*mean), .rounds = static_cast<std::int64_t>(logs.size())};
  if (const auto interval = statistics::t_interval(logs, level))
    ratio.interval = statistics::Interval{std::exp(interval->low), std::exp(interval->high)};
  if (const auto test = statistics::paired_t(logs))
    ratio.p = test->p_two_sided;
  else if (logs.size() >= 2)
    ratio.p = *mean == 0 ? 1.0 : 0.0;  // every round says the same
  return ratio;
}

ProfileResults conclude(const ProfileLog& log, const std::string& reference) {
  const Json& header = log.header;
  ProfileResults results{.name = header.at("name"),
                         .question = header.at("question"),
                         .session = header.at("session"),
                         .finished = log.finished,
                         .settings = header.at("settings"),
                         .machine = header.at("machine"),
                         .notes = header.at("notes"),
                         .defects = log.defects,
                         .attempts = log.attempts,
                         .rows = {}};
  std::vector<Json> facts;
  for (const RowLog& row : log.rows) {
    facts.push_back(row.facts);
    results.rows.push_back(summarise(row));
  }
  const std::vector<std::string> labels = row_labels(facts);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    results.rows[i].label = labels[i];
    set_cost(results.rows[i], log, log.rows[i]);
    set_published(results.rows[i], results.settings.value("published", Json::object()));
  }
  choose_references(results, reference);
  compare(results);
  choose_best(results, log);
  return results;
}

}  // namespace segbench::profiles
