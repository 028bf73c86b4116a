// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace segbench::serve {

struct CurvePoint {
  std::int64_t epoch = 0;
  std::optional<double> value;  ///< empty: undefined, or not finite
};

/// How a trial has learned so far.
struct Curves {
  std::string metric;  ///< of `score`: what the trial selects by
  std::vector<CurvePoint> train_loss, selection_loss, score;
  std::optional<std::int64_t> selected_epoch;
};

/// The curves of a trial from its log, up to its final evaluation. Empty where there is no log yet. Throws
/// core::UserError when nothing tells what the trial is.
Curves read_curves(const std::filesystem::path& trial_folder);

/// Curves by trial, read again when the log has grown. For several threads.
class CurveShelf {
 public:
  std::shared_ptr<const Curves> of(const std::filesystem::path& trial_folder);

 private:
  struct Known {
    std::uintmax_t bytes = 0;
    std::filesystem::file_time_type time{};
    std::shared_ptr<const Curves> curves;
  };
  std::mutex mutex_;
  std::map<std::filesystem::path, Known> known_;
};

}  // namespace segbench::serve
