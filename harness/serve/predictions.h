// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "harness/core/decode_cache.h"
#include "harness/run/runs_folder.h"

namespace segbench::serve {

/// What an upload may cost.
struct PredictionLimits {
  std::size_t bytes = std::size_t{32} << 20;
  std::int64_t pixels = 40'000'000;
  std::size_t trials = 8;          ///< of one image
  std::size_t waiting = 4;         ///< images in the queue
  std::size_t kept = 20;           ///< images whose masks are kept; the oldest go first
  std::chrono::seconds time{120};  ///< of one trial
};

enum class AnswerState { kWaiting, kRunning, kDone, kFailed };
/// "waiting", "running", "done", "failed".
std::string_view to_string(AnswerState state);

/// What one trial makes of the image.
struct PredictionAnswer {
  run::ListedTrial trial;
  AnswerState state = AnswerState::kWaiting;
  std::string message;  ///< why it failed
  std::string classes;  ///< "road 62.0 %, sky 20.1 %"
  std::vector<core::ClassInfo> legend;
  double seconds = 0;
};

/// An uploaded image and its masks.
struct Prediction {
  std::string id;
  std::string name;                    ///< as the user's browser told it
  std::string type;                    ///< image/png, …; "" of a format that browsers do not show
  std::string time;                    ///< UTC
  std::int64_t height = 0, width = 0;  ///< as stored
  bool upright = false;                ///< the trials see it turned as its EXIF says
  std::vector<PredictionAnswer> answers;

  bool is_over() const;
};

/// Whether a trial has what `segbench predict` needs: it is complete, and its weights (of an ensemble, those
/// of its members) are there. Whether they are sound is seen when they are used.
bool can_predict(const run::ListedTrial& trial);

/// Segments uploaded images by `segbench predict`, in processes of their own, one at a time and in order.
/// Writes in its scratch folder only.
class Predictions {
 public:
  /// `program` is segbench.
  Predictions(std::filesystem::path scratch, std::filesystem::path program, std::string device,
              const PredictionLimits& limits = {});
  Predictions(const Predictions&) = delete;
  Predictions& operator=(const Predictions&) = delete;

  const PredictionLimits& limits() const { return limits_; }
  /// Whether there is room for another image.
  bool has_room();
  /// Takes an image; returns its id. Throws BadRequest for what is no image that Segbench reads, too large,
  /// or too much.
  std::string add(const std::string& name, const std::string& bytes,
                  const std::vector<run::ListedTrial>& trials);
  std::optional<Prediction> find(const std::string& id);
  /// The newest first.
  std::vector<Prediction> all();
  /// "input", or "mask", "colour" or "overlay" of a trial; nothing while it is not there.
  std::optional<std::filesystem::path> file(const std::string& id, const std::string& trial_id,
                                            const std::string& what);

 private:
  void work(const std::stop_token& stop);
  void answer(const std::string& id, std::size_t place, PredictionAnswer& answer,
              const std::stop_token& stop) const;
  std::filesystem::path folder_of(const std::string& id) const { return scratch_ / id; }

  const std::filesystem::path scratch_, program_;
  const std::string device_;
  const PredictionLimits limits_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Prediction> predictions_;  ///< the oldest first
  std::jthread thread_;                 ///< the last member: it ends first
};

}  // namespace segbench::serve
