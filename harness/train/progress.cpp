// SPDX-License-Identifier: MIT
#include "harness/train/progress.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <utility>

#include "harness/core/json.h"

namespace segbench::train {
namespace {

constexpr std::chrono::milliseconds kInterval{100};

core::Json number(const std::optional<double>& value) {
  return value && std::isfinite(*value) ? core::Json(*value) : core::Json();
}

}  // namespace

Progress::Progress(int descriptor, std::string trial_id)
    : descriptor_(descriptor), trial_id_(std::move(trial_id)) {
  if (descriptor_ < 0) return;
  const int flags = ::fcntl(descriptor_, F_GETFL);
  if (flags < 0 || ::fcntl(descriptor_, F_SETFL, flags | O_NONBLOCK) < 0) descriptor_ = -1;
}

bool Progress::is_due() const {
  return descriptor_ >= 0 && std::chrono::steady_clock::now() >= next_;
}

void Progress::report(const ProgressState& state, bool always) {
  if (descriptor_ < 0 || (!always && !is_due())) return;
  next_ = std::chrono::steady_clock::now() + kInterval;
  const core::Json line = {
      {"trial_id", trial_id_},      {"phase", state.phase},   {"epoch", state.epoch},
      {"epochs", state.epochs},     {"step", state.step},     {"steps", state.steps},
      {"loss", number(state.loss)}, {"metric", state.metric}, {"score", number(state.score)}};
  const std::string text = line.dump() + '\n';
  // A line is shorter than PIPE_BUF, so it is written whole or, when the pipe is full, not at all.
  if (::write(descriptor_, text.data(), text.size()) < 0 && errno == EPIPE) descriptor_ = -1;
}

}  // namespace segbench::train
