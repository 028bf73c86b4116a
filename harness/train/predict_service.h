// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <iosfwd>

#include "harness/train/predictor.h"

// `segbench-worker predictor`: predicts batch after batch, as `segbench predict` asks it to. Requests are
// JSON objects, one a line; each is answered by one line, {"ok": true, …} or {"ok": false, "error", "code"}.
//
//   {"do": "describe"}                             {"device", "threads", "version", "networks"}
//   {"do": "choose", "network": I, "engine", "images": FILE, "guests": [NAME, …], "batch": B,
//    "guest_images": FILE, "guest_logits": FILE}   {"engine", "error", "labels_differ", "pixels", "tried"}
//       The engine of one network, with a first batch of images; "guests" are further ones that the asker
//       runs.
//   {"do": "predict", "images": FILE, "labels": FILE, "probabilities": FILE or null}
//   {"do": "quit"}
//
// Images are raw samples [N, H, W, C], labels bytes [N, H, W], probabilities float32 [N, classes, H, W].
// Where a guest has to execute a network, the answer to "choose" and "predict" is first, once for each batch,
// {"ok": true, "forward": {"network", "engine"}}: the asker has that engine take the file guest_images and
// write guest_logits, and says {"do": "continue"} or {"do": "failed", "error"}.

namespace segbench::train {

/// Answers until "quit" or the end of `in`. `load` is called for the first request, and again where it threw;
/// what it throws is the answer.
void serve_predictions(const std::function<Predictor()>& load, std::istream& in, std::ostream& out);

}  // namespace segbench::train
