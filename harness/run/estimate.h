// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "architectures/networks/network.h"
#include "harness/core/trial.h"
#include "harness/core/variant.h"

namespace segbench::run {

/// What is known of a variant's data without decoding them: its files are listed, one image's size is read,
/// and the splits are drawn. Nothing is written.
struct DataSizes {
  std::int64_t height = 0, width = 0;
  int classes = 0;
  std::int64_t train = 0, selection = 0, test = 0;  ///< samples
};
/// Throws core::UserError listing what already the listing and the splits refuse, as an audit would.
DataSizes measure_data(const core::DataConfig& config);

/// The network that a variant trains on data of these sizes: one output a class, or one in all for a sigmoid
/// head.
architectures::NetworkOptions network_options_of(const core::VariantConfig& config, const DataSizes& sizes);
/// What that network is made of.
architectures::NetworkSummary summarise_variant(const core::VariantConfig& config, const DataSizes& sizes);

/// Bytes that training needs, in 32-bit floats:
///
///     4 * (N * (P_all + P_trainable * (1 + S)) + 2 * B * A)
///
/// P: parameters, with their gradients and S numbers of optimizer state each (2 for Adam and Adamax, 1 for
/// SGD with momentum, else 0); A: values of all layer outputs for one image, which are kept for the backward
/// pass and get a gradient each; B: images in a batch; N: processes, each of which has a network of its own.
/// An ensemble is only evaluated: 4 * (P_all + B * the values alive at once). LibTorch itself (about 200 MB a
/// process) and workspaces of single layers come on top.
std::int64_t training_bytes(const core::VariantConfig& config, const architectures::NetworkSummary& network);

/// What comes on top, of all processes of a trial: LibTorch and workspaces.
std::int64_t library_bytes(const core::VariantConfig& config);

/// Multiply-accumulates of a whole trial: 3 for each of a training image's (forward, and backward twice), 1
/// for each of an evaluated one.
double trial_macs(const core::TrainingConfig& training, const DataSizes& sizes, double network_macs);

/// How a duration was arrived at.
enum class TimeSource {
  kSameVariant,  ///< mean of its complete trials
  kThroughput,   ///< MACs per second of complete trials on this machine
  kAssumption,   ///< kAssumedMacsPerSecond for each CPU
};
/// "its complete trials", "throughput of complete trials", "assumption: …".
std::string describe(TimeSource source);

/// For a machine that has not trained anything yet: a cautious value for convolutions on one CPU core.
inline constexpr double kAssumedMacsPerSecond = 1e10;
/// What a process takes beside its training: it loads LibTorch and reads the trial.
inline constexpr double kAssumedStartSeconds = 1;

/// What the complete trials under the runs folder tell of time. Trials of other hosts are left out.
class TimeModel {
 public:
  /// Adds a complete trial; `macs` may be unknown.
  void add(const std::string& variant_id, double seconds, std::optional<double> macs);
  /// Seconds of one trial on `threads` CPUs.
  std::pair<double, TimeSource> seconds_of(const std::string& variant_id, double macs, int threads) const;

 private:
  struct Sum {
    double seconds = 0, count = 0;
  };
  std::map<std::string, Sum> variants_;
  double seconds_ = 0, macs_ = 0;
};

}  // namespace segbench::run
