// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "harness/core/json.h"

// A study with `[trials] until = "decided"` is looked at after some of its seeds, by a rule that was declared
// before. study.json says "until": {"first_look", "look_every"}; what each look decided is a line of
// `runs/<study>/looks.jsonl` (a chained log, trial/event_log.h), written by `segbench run`:
//
//   look   {"rule": rule_sha256(), "seeds": n (the first n were looked at), "level": of each interval,
//           "remaining": [variant id, …], "leader": variant id | "", "decided": bool, "why": "…",
//           "dropped": [{"variant", "by": variant id | "", "low", "high"}, …],
//           "trials": [trial id, …] (that it stands on)}
//
// What is stored of a study holds them as its "looks".

namespace segbench::core {

inline constexpr const char* kLooksFile = "looks.jsonl";

/// Whether seeds are added until the study is decided. `study` is a study.json.
bool is_sequential(const Json& study);

/// The numbers of seeds after which it is looked at, the last one all of its seeds; empty where
/// is_sequential() is not.
std::vector<std::size_t> planned_looks(const Json& study);

/// How many of its first seeds each variant (by id) is wanted with, as far as the study's "looks" go: all
/// where it is not sequential. A dropped variant goes on where a remaining ensemble needs it.
std::map<std::string, std::size_t> wanted_seeds(const Json& study);

/// What the decisions stand on and must not change once one is taken: margin, seeds, rule and variants.
std::string rule_sha256(const Json& study);

}  // namespace segbench::core
