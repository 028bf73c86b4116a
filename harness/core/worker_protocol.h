// SPDX-License-Identifier: MIT
#pragma once

#include <array>

// How `segbench` talks to `segbench-worker`.
//
//   segbench-worker train TRIAL_JSON [--device auto|cpu|cuda|cuda:N] [--threads N] [--checkpoint-seconds S]
//                                    [--checkpoint-steps N] [--progress-fd FD] [--keep-predictions K]
//                                    [--pause-after EPOCH] [--without LEVER]…
//   segbench-worker predict --weights FILE --images IN.u8 --out OUT.u8 [--trial TRIAL_JSON] [--device …]
//                           [--probabilities OUT.f32] [--threshold T]
//   [--threads N]
//                                                                see harness/train/predict.h
//   segbench-worker predictor --weights FILE …                   see harness/train/predict_service.h
//   segbench-worker probe JSON                                   see harness/train/probe.h
//   segbench-worker environment [--device …]                     prints one JSON object
//   segbench-worker engine NAME                                  see docs/engine-protocol.md
//   segbench-worker ceilings [--device …] [--threads N]          see harness/train/ceilings.h
//   segbench-worker conformance [--device …] [--only WORD]…      see harness/conformance/check.h
//   segbench-worker bare TRIAL_JSON [--device …] [--epochs N]    see harness/train/bare_loop.h
//
// `train` takes the folder's `lock` (core::FileLock), appends "started" to attempts.jsonl, continues from the
// checkpoint when there is one, appends events, and ends with "ended" in attempts.jsonl. SIGINT, SIGTERM and
// SIGHUP (unless ignored at the start): finish the current step, checkpoint, status "interrupted", exit
// 128+signal; further ones are the same request, and only SIGKILL ends a worker at once.
// With --pause-after it checkpoints behind that epoch, which is not the last, and ends as after a signal, but
// with exit code 0; started again without it, it goes on to the same end as if it had never paused. Exit
// codes: 0 complete or paused (also when it was complete before: nothing is done), 1 failed with the reason
// in attempts.jsonl, 2 unusable arguments or trial specification, 70 internal error, 75 another process has
// the trial, or has taken it over meanwhile: nothing more was written.
//
// Progress, on the inherited descriptor FD, at most ten lines a second, each a JSON object; also the sign of
// life that the scheduler's stall timeout waits for:
//
//   {"trial_id", "phase": "start" | "train" | "evaluate" | "finish", "epoch", "epochs", "step", "steps",
//    "loss": number | null, "metric": what the trial selects by,
//    "score": number | null, of its last evaluation by that}
//
// When the worker dies without "ended", the scheduler appends it. With --progress-fd the worker is told
// (SIGUSR1) when the thread that started it ends, so that no trial trains on unwatched: start workers from a
// thread that lives on.

namespace segbench::core {

/// What `train --without` leaves out (harness/train/levers.h).
inline constexpr std::array<const char*, 5> kLevers = {"parameter_lists", "device_counts", "channels_last",
                                                       "graphs", "resident_data"};

inline constexpr int kKeptPredictions =
    12;  ///< test images whose predictions a trial keeps for the report's panels

}  // namespace segbench::core
