// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/core/error.h"
#include "harness/core/json.h"
#include "harness/core/variant.h"

namespace segbench::study {

/// [run]: how trials are run. No part of any identity; command-line options override it.
struct RunSettings {
  std::string device = "auto";            ///< auto | cpu | cuda | cuda:N
  int threads = 0;                        ///< of each trial; 0: the CPUs divided by the trials at once
  int jobs = 0;                           ///< trials at once; 0: auto, see run/allocation.h
  double timeout_minutes = 0;             ///< of a trial's attempt; 0: none
  double stall_minutes = 15;              ///< without a sign of life; 0: none
  double checkpoint_seconds = 10;         ///< least time between checkpoints; 0: after every epoch
  int retries = 1;                        ///< further attempts after a crash
  std::string keep_weights = "none";      ///< of epochs: none | every_epoch | a number of best ones
  bool film_strip = false;                ///< an example image is predicted after every evaluation
  std::string keep_weights_in;            ///< absolute folder; "": in the trial's folder
  std::vector<std::string> devices = {};  ///< GPUs, or "all"; empty: `device` alone
  std::vector<std::string> without = {};  ///< what makes a GPU faster and is left out (core::kLevers)
  int jobs_per_device = 1;                ///< trials at once on each of `devices`; 0: as many as have room
};

/// [trials] until = "decided": after how many seeds the study is looked at (core/looks.h).
struct UntilDecided {
  std::size_t first_look = 3, look_every = 3;
};

/// [search]: settings that are drawn, and how long.
struct Search {
  std::string method;               ///< random | sobol | halving
  std::uint64_t seed = 1;           ///< of the draws
  std::int64_t trials = 0;          ///< at most; a draw takes one a seed
  std::optional<double> hours;      ///< of training, all trials together, after which no draw begins
  std::size_t draws = 0;            ///< the first variants of the study
  std::int64_t reduction = 0;       ///< of halving: one of so many draws goes on
  std::vector<std::int64_t> rungs;  ///< of halving: epochs after which it decides; the last: all of them
  /// [{"key": …, "log_uniform": [low, high]}, …] in file order; those within a choice of another one behind
  /// it, with its key as "within".
  core::Json space = core::Json::array();
};

/// A study, validated and expanded.
struct Study {
  std::string name;
  std::string question;
  std::optional<double> margin;  ///< differences of the metric that the variants select by below it are none
  std::filesystem::path file;
  std::string source;                  ///< text of the experiment file
  std::vector<std::string> overrides;  ///< "key=value" as given by --set
  std::vector<std::uint64_t> seeds;    ///< all of them; those of a sequential study are added as needed
  std::optional<UntilDecided> until = {};
  std::optional<Search> search;
  std::vector<core::Variant> variants;  ///< in file order: matrix or draws, [[variant]], then [[ensemble]]
  core::Json claims = core::Json::array();  ///< [[claim]], validated
  core::Json published =
      core::Json::array();  ///< [[published]]: numbers that the authors wrote, shown beside ours
  RunSettings run;
};

/// Reads, inherits (`extends`), overrides (--set), validates and expands an experiment file. Throws
/// core::UserError with every problem found, each with file, line, column, what was found, what is allowed;
/// exit code 2.
Study load_study(const std::filesystem::path& file, const std::vector<std::string>& overrides = {});

}  // namespace segbench::study
