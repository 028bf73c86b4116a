// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/core/json.h"
#include "harness/core/variant.h"

// `runs/<study>/study.json`, written by `segbench run` before the first trial: what was asked, so that a
// report can be made from `runs/` alone.
//
//   {"schema": 1, "name", "question", "source": "the experiment file's text", "source_file", "overrides":
//   ["k=v", …],
//    "claims": […], "published": […], "search" (of a study that searches; harness/study/search.h),
//    "variants": [{"id", "label", "axes", "config"}, …], "seeds": […], "trials": [trial id, …] (every planned
//    trial, run or not), "audit": {… summary and warnings …}, "warnings": [{"code", "message", "remedy",
//    "source": "plan" | "run", "variant": id or ""}, …], "segbench_version", "command": "segbench run …"}

namespace segbench::core {

inline constexpr const char* kStudyFile = "study.json";
/// Beside it, by `segbench plan --seal`: [{"sha256": sealed_form_sha256(), "time": UTC}, …].
inline constexpr const char* kSealsFile = "seals.json";
/// Beside it, of a study that searches: what the search has decided (run::SearchCourse::record()). What is
/// stored of a study holds it as "record" of its "search".
inline constexpr const char* kSearchFile = "search.json";
inline constexpr const char* kTrialsFolder = "trials";
inline constexpr const char* kReportFolder = "report";
inline constexpr const char* kStoreFile = "results.sqlite";
inline constexpr const char* kCacheFolder = "cache";

/// SHA-256 of what a seal fixes: name, question, margin, claims, seeds, the rule of [trials] until, [search]
/// and the variants' ids and labels of a study.json, or of the resolved form of an experiment file.
std::string sealed_form_sha256(const Json& study);

}  // namespace segbench::core
