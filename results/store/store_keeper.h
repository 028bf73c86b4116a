// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "results/store/store.h"

namespace segbench::store {

/// The store beside work that must not depend on it: it is a projection of the logs, so a store that is
/// locked, read-only, full, damaged or missing draws one warning, and what it could not take is offered again
/// with the next trial and at the end.
class StoreKeeper {
 public:
  using Tell = std::function<void(const std::string&)>;
  StoreKeeper(std::filesystem::path file, std::filesystem::path runs, Tell tell);

  /// Tells through another channel from now on.
  void tell_through(Tell tell) { tell_ = std::move(tell); }
  void take_in_study(const std::filesystem::path& study_folder);
  void take_in_trial(const std::filesystem::path& trial_folder);
  /// Ids of the study's trials that the store has as complete; empty when it cannot be asked.
  std::vector<std::string> complete_trials(const std::string& study);
  /// Offers everything that is waiting once more; false when something still is.
  bool finish();

 private:
  /// False, with a warning the first time, when the store cannot be used.
  bool attempt(const std::function<void(Store&)>& work);
  bool take_in_waiting();

  std::filesystem::path file_, runs_;
  Tell tell_;
  std::optional<Store> store_;
  std::optional<std::filesystem::path> waiting_study_;
  std::vector<std::filesystem::path> waiting_trials_;
  std::string told_;  ///< the last warning
};

}  // namespace segbench::store
