// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/background.h"
#include "harness/core/counts.h"
#include "results/profiles/log.h"
#include "results/statistics/summary.h"

namespace segbench::profiles {

/// What a row's times say beside the reference's. kUnknown: too few common rounds.
enum class Verdict { kReference, kFaster, kSlower, kNoDifference, kUnknown };
/// "reference", "faster", "slower", "no difference", "unknown".
std::string_view to_string(Verdict verdict);

/// A row's time as a multiple of another one's, in the rounds that both were visited in.
struct Ratio {
  double value = 1;  ///< exp of the mean of the rounds' logarithms
  std::optional<statistics::Interval> interval =
      {};                        ///< by Student's t on the logarithms, 99 % by Holm's steps
  std::optional<double> p = {};  ///< adjusted by Holm
  std::int64_t rounds = 0;
};

struct RowResult {
  std::string id, label;
  core::Json facts;
  std::string failure;  ///< "" when it was measured
  bool wrong = false;
  std::int64_t rounds = 0, iterations = 0;   ///< that all its numbers stand on
  std::int64_t disturbed = 0, left_out = 0;  ///< visits that were disturbed, and those of them left out
  std::optional<double> median_s = {};       ///< of all iterations' forward pass
  std::optional<statistics::Interval> median_interval = {};  ///< 95 %, from the rounds' medians
  std::optional<double> p90_s = {}, p95_s = {}, p99_s = {};  ///< undefined where n is too small
  std::optional<double> end_to_end_s = {};  ///< median of all stages together, where the engine tells them
  std::optional<double> throughput = {};    ///< images a second
  std::string reference = {};               ///< id of the row that it is compared with
  std::optional<Ratio> ratio = {};
  Verdict verdict = Verdict::kUnknown;
  std::optional<double> startup_s = {}, load_s = {}, first_s = {}, error = {}, labels_differ = {};
  std::optional<std::int64_t> peak_bytes = {}, device_peak_bytes = {}, file_bytes = {};
  std::map<std::int64_t, double> round_medians = {};  ///< seconds
  std::optional<double> parameters = {}, macs = {};   ///< of the network, where its layers are known
  std::optional<double> flops_per_s = {};             ///< reached: 2 MACs a second
  std::optional<double> of_roofline = {};             ///< least possible time / median (roofline.h)
  /// Medians in seconds of what surrounds the forward pass: "read", "to_device", "argmax", "to_host".
  std::map<std::string, double> stages = {};
  std::vector<double> passes_s = {};  ///< each pass of `pass_images` images, all stages together
  std::int64_t pass_images = 0;
  std::optional<double> published_s = {};    ///< of such a pass, by others
  std::optional<double> train_epoch_s = {};  ///< of a trial's network: filled in by who knows the store
  /// Of a trial's network: counted by the row itself where its precision is reduced, else filled in likewise.
  std::optional<double> score = {};
  std::string metric = {}, split = {};         ///< by which, and of which images
  std::vector<core::ClassCounts> counts = {};  ///< what the row itself counted, by class
  core::Background background = {};            ///< of its data
  std::string note = {};
  bool stationary = true;
  /// Of its network, image size, batch, precision, device and number of threads: what "auto" stands for.
  bool best = false;
};

struct ProfileResults {
  std::string name, question, session, finished;
  core::Json settings, machine;
  std::vector<std::string> notes, defects;
  int attempts = 1;
  std::vector<RowResult> rows;
};

/// What follows from a profile's log. Rows of one batch and image size are compared with the first of them
/// that was measured, with the one whose label begins with `reference`, or, where that is the name of an
/// engine, each network with the row of that engine. Throws core::UserError when neither a row nor an engine
/// is called so.
ProfileResults conclude(const ProfileLog& log, const std::string& reference = "");

core::Json to_json(const ProfileResults& results);

/// The score of what a row itself counted, by a metric of pooled counts; undefined where it counted nothing.
void set_score(RowResult& row, const std::string& metric);

/// Whether there are times of it.
bool is_measured(const RowResult& row);

/// Paired ratios of series, one value a round each; undefined in rounds where one of them was not visited.
/// `level`: of the interval.
std::optional<Ratio> paired_ratio(const std::map<std::int64_t, double>& row,
                                  const std::map<std::int64_t, double>& reference, double level = 0.95);

/// The median of each round's iterations.
std::map<std::int64_t, double> round_medians(const RowLog& row);

}  // namespace segbench::profiles
