// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/core/json.h"

// The log of a profile's session, runs/NAME/profile/SESSION/profile.jsonl: JSON lines as a trial's
// (harness/trial/event_log.h), chained.
//
//   profile  {"schema": 1, "name", "question", "session", "settings": {[profile]}, "machine": {…},
//             "networks": [{"label", "parameters", "macs", "peak_values" (alive at once, for one image),
//             "layers":
//             [{"name", "kind", "macs", "weights", "read", "made"}, …]} or null of a foreign file, …],
//             "rows": [{"row": id, "network_index", "model", "network", "engine", "engine_version", "format",
//             "batch", "height", "width", "precision", "memory_format", "device", "threads"}, …], "notes":
//             […]}
//   attempt  {"pid", "host"} each time that the session is begun or gone on with
//   ready    {"row", "startup_s" (start to the first answer), "load_s", "first_ns" (the first iteration),
//             "warmup_ns": […], "stationary": bool, "iterations" (of a visit), "note",
//             "check": {"reference", "error" (largest difference of a logit, as a fraction of the largest
//             logit), "labels_differ" (fraction of pixels)}, "images" (where those come from), "file_bytes"}
//   failed   {"row", "message", "wrong": bool (its output is not the reference's)}
//   visit    {"round", "row", "ns": […], "stages": {"read": […] (of a batch from the
//             cache, by the harness), "to_device": […], "argmax": […], "to_host": […]},
//             "machine": {"other_cpus" (CPUs that others used), "idle_cpus" (that our idle engines used),
//             "stolen", "throttled_s", "mhz", "load"}, "disturbed": bool}
//   round    {"round", "seconds"} when every row that lives was visited
//   pass     {"row", "pass", "images", "seconds": {"read", "forward", "to_device", "argmax", "to_host"}}
//             behind the rounds: so many images through the row (profile.passes)
//   score    {"row", "split", "images", "background", "tp", "fp", "fn"}
//             what a row of reduced precision counts
//   auto     {"row", "engine", "median_s"}
//             the fastest right one of its network, size, batch, precision, device and number of threads
//   layers   {"row", "names": […], "ns": [[…], …]} behind the rounds, of engines that can tell
//   memory   {"row", "peak_bytes", "device_peak_bytes"}
//   finished {"why": "precise" | "time" | "rounds" | "failed"}; nothing follows

namespace segbench::profiles {

inline constexpr const char* kProfileFolder = "profile";
inline constexpr const char* kProfileLog = "profile.jsonl";

/// One row in one round.
struct Visit {
  std::int64_t round = 0;
  std::vector<double> seconds;  ///< of each iteration
  std::map<std::string, std::vector<double>> stages;
  core::Json machine;
  bool disturbed = false;
};

struct RowLog {
  std::string id;
  core::Json facts;  ///< its entry in "rows"
  std::optional<core::Json> ready;
  std::string failure;  ///< "" while it lives
  bool wrong = false;
  std::vector<Visit> visits;  ///< of complete and other rounds, by round
  std::int64_t left_out = 0;  ///< visits that leave_out_disturbed() took out
  std::vector<std::pair<std::string, std::vector<double>>> layers;  ///< names, and seconds of each pass
  std::optional<std::int64_t> peak_bytes, device_peak_bytes;
  std::map<std::int64_t, core::Json> passes;  ///< by number, the events
  std::optional<core::Json> score;            ///< the event
  bool is_choice = false;                     ///< there is an event "auto" of it
};

struct ProfileLog {
  core::Json header;  ///< the event "profile"
  std::vector<RowLog> rows;
  std::map<std::int64_t, double> rounds;  ///< complete ones, with their seconds
  std::int64_t last_round = 0;            ///< begun
  int attempts = 0;
  std::string finished;  ///< why; "" while it is not
  std::vector<std::string> defects;

  RowLog* find(const std::string& id);
};

/// Throws core::UserError naming the file when it is no profile's log, or of a later version.
ProfileLog read_profile_log(const std::filesystem::path& file);

/// Takes out the visits that were disturbed.
void leave_out_disturbed(ProfileLog& log);

/// The folders of a profile's sessions, oldest first; empty when there is none.
std::vector<std::filesystem::path> find_sessions(const std::filesystem::path& runs, const std::string& name);

/// The same of every profile under the runs folder.
std::vector<std::filesystem::path> find_sessions(const std::filesystem::path& runs);

/// "unet small, plan, batch 1": what tells a row from the others of its profile.
std::vector<std::string> row_labels(const std::vector<core::Json>& rows);

}  // namespace segbench::profiles
