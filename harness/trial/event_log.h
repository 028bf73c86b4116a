// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/file_lock.h"
#include "harness/core/json.h"
#include "harness/trial/log_chain.h"

// A trial leaves two logs of JSON lines in its folder.
//
// events.jsonl, written by the worker alone: what the trial computed. Every event has "seq" (0, 1, 2, …),
// "type" and "time" (UTC). All that depends on when and how fast something ran stands in "time" and in the
// object "timing"; the rest is a pure function of the trial, so an interrupted and resumed trial ends with
// the same events.
//
//   trial       {"schema": 1, "trial_id", "variant_id", "seed", "data_fingerprint", "num_classes",
//   "class_names",
//                "parameters", "trainable_parameters", "macs", "class_weights": [] | [w…],
//                ["class_weights_of_terms": {"terms[0]": [w…], …} of a loss that is a sum,]
//                "initial_weights_sha256"}
//   weights     {"file", "sha256", "name_check": "agrees" | "none", "format": "torch" | "safetensors",
//   "convention",
//                "tensors", "folded": 0 | 1, "excluded": […], "left_out": […], "kept": […]} behind "trial",
//                of a trial
//               that begins with the weights of a file (harness/weights/match.h says what the lists are)
//   epoch       {"epoch": 1…, "loss", "learning_rate", "steps", "samples",
//                "timing": {"train_s", "data_wait_s", "checkpoint_s"}}
//   evaluation  {"epoch", "split": "selection" | "test", "weights": "current" | "selected", "loss",
//                ["loss_terms": [value without weight, …] of a loss that is a sum,] "valid_pixels",
//                "images", "tp": […], "fp": […], "fn": […], "confusion": [C*C, row = truth] (final
//                evaluations only), "timing": {"evaluate_s"}}
//   image       {"epoch", "split", "index", "id", "valid_pixels", "counts": [[class, tp, fp, fn], …]} for
//   every image
//               of a final evaluation; classes with all counts 0 are left out
//   measure     {"key", "epoch", "split", "value": number | null} behind the final evaluation that it is of:
//               what no count tells (core/measures.h); with "index" of one image, with "class" of one class;
//               without "split" and "epoch" of the trial as a whole
//   selected    {"epoch", "metric", "value"}
//   engine      {"engines": [name, …], "errors": […], "timing": {"tried": […]}} of each network, where
//   evaluation.engine
//               is not eager: what executes it in all that follows
//   threshold   {"epoch", "split": "selection", "metric", "value", "score": number | null, "curve":
//               [[threshold, score | null], …]} before the final evaluations, which are decided by "value"
//   warning     {"code", "message", "remedy"} (harness/core/warning.h): weakens the trial's result; only what
//               is a function of variant, seed and data
//   diverged    {"epoch", "step", "loss": "nan" | "inf", "what": "loss" | "weights" | "evaluation" (absent in
//               older logs: "loss")}; nothing follows
//   finished    {"epochs" (trained), ["stopped": "early_stopping" | "stop_at" before the last one,]
//   "weights_sha256" (last epoch), "selected_epoch", "selected_weights_sha256",
//   "files": {"weights.safetensors": SHA-256 of the file, "predictions.u8": …}}; nothing follows
//
// The last key of each line is "chain" (log_chain.h), so that a line that was changed later shows. Logs of
// older versions have none.
//
// attempts.jsonl, written by the worker and, where it could not, by the scheduler: who ran the trial and how
// it ended.
//
//   started     {"attempt": 1…, "pid", "host", "resumed_from": {"epoch", "step"} | null, "environment": {…}}
//   ended       {"attempt", "status": "complete" | "failed" | "interrupted", "reason", "message",
//   "exit_code",
//                "peak_memory_bytes" (of the process, on the host), ["device_peak_memory_bytes" (of
//                LibTorch's allocator there),] ["gpu": {"begin": {…}, "end": {…}} (clocks, throttling, memory
//                errors),] "seconds"}
//   warning     {"attempt", "code", "message", "remedy"}: as above, of what depends on the machine

//   shared      {"attempt", "trials_at_once", "with": [trial id, …] (at most 64)} by the scheduler, behind
//   the end of an attempt during which other trials ran on the machine

namespace segbench::trial {

/// Whether the lines of a log are chained (log_chain.h): events.jsonl is, attempts.jsonl, which two programs
/// write, is not.
enum class LogKind { kPlain, kChained };

/// Appends JSON lines to a log.
class EventWriter {
 public:
  /// Opens `file` for appending, created when absent. Everything behind byte `keep_bytes` is cut off first:
  /// the tail that a resumed trial is about to compute again. A torn last line (a crash within a write) is
  /// always cut off.
  /// With a lock, nothing is written any more once it is lost (core::FileLock::require_held); it must outlive
  /// the writer.
  explicit EventWriter(const std::filesystem::path& file, std::uint64_t keep_bytes = UINT64_MAX,
                       LogKind kind = LogKind::kPlain, const core::FileLock* lock = nullptr);
  EventWriter(const EventWriter&) = delete;
  EventWriter& operator=(const EventWriter&) = delete;
  ~EventWriter();

  /// Writes one line in one system call; adds "seq", "type" and "time".
  void append(std::string_view type, core::Json event);
  /// Flushes to disk. A checkpoint that refers to size_bytes() may only be written after this; it is refused
  /// when the lock is lost.
  void sync();
  std::uint64_t size_bytes() const { return size_bytes_; }

 private:
  std::filesystem::path file_;
  int descriptor_ = -1;
  std::uint64_t size_bytes_ = 0;
  std::uint64_t next_seq_ = 0;
  LogKind kind_;
  const core::FileLock* lock_;
  LogChain chain_;
};

/// A line that could not be read; the reader goes on behind it.
struct EventDefect {
  int line = 0;
  std::string message;
};

struct EventLog {
  std::vector<core::Json> events;
  std::vector<EventDefect> defects;  ///< not counting a torn last line
  bool torn_tail = false;            ///< the last line has no line end: a writer was killed or is writing
  std::vector<int> lines;            ///< of each event, counted from 1
};

/// Reads the text of a log. Never throws on content: defects are reported, among them the first line at which
/// the chain breaks.
EventLog parse_event_log(std::string_view text);
/// The same of a file; an absent file is an empty log.
EventLog read_event_log(const std::filesystem::path& file);

}  // namespace segbench::trial
