// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "harness/text/table.h"
#include "results/profiles/conclude.h"

namespace segbench::reports {

/// The rows of a profile with their times and verdicts.
text::Table profile_table(const profiles::ProfileResults& results);

/// The engine that auto takes for each network, size, batch, precision, device and number of threads, and how
/// many times as fast it is as eager LibTorch or, where that was not measured, the first engine. No rows for
/// one engine.
text::Table choices_table(const profiles::ProfileResults& results);

/// What each engine is worth over all networks and batches: how often it is the fastest, and the geometric
/// mean of its times as multiples of those of auto, the fastest right engine each time. No rows for one
/// engine.
text::Table engines_table(const profiles::ProfileResults& results);

/// How long so many images took from the cache to labels (profile.passes), beside what others published and
/// the training time of an epoch. No rows where nothing was passed.
text::Table passes_table(const profiles::ProfileResults& results);

/// The answers in sentences: for each image size and batch the fastest row, and how it stands to the
/// reference.
std::vector<std::string> verdict_lines(const profiles::ProfileResults& results);

/// What a reader must know beside the table: failed rows, engines left out, disturbed rounds, where the
/// machine's clock is governed.
std::vector<std::string> notes_on(const profiles::ProfileResults& results);

/// As Google Benchmark writes its results (its docs/tools.md), so that its compare.py reads ours: one entry
/// for every round's median.
std::string google_benchmark_json(const profiles::ProfileLog& log, const profiles::ProfileResults& results);

/// The row's label without its engine.
std::string network_label(const profiles::RowResult& row);
/// Three significant digits below 1000.
std::string significant(double value);
/// "12.3 ms", "1.42 s".
std::string human_seconds(double seconds);

}  // namespace segbench::reports
