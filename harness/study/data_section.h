// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/core/variant.h"
#include "harness/study/fields.h"
#include "harness/study/node.h"
#include "harness/study/problems.h"

namespace segbench::study {

/// Reads [data] into `config`: the common settings and the parameters of the kind of data. False when the
/// kind is not known.
bool read_data(const Node& data, Demand demand, ProblemList& problems, core::VariantConfig& config);

/// Checks the settings of cross-validation, groups and merging, and finds the files of lists.
void check_split_settings(const Node& data, core::DataConfig& config, ProblemList& problems);
void check_merge(const Node& data, const core::PartSpec& kind, core::DataConfig& config,
                 ProblemList& problems);
/// `lists` in stored form, with the files' SHA-256.
core::Json read_lists(const Node& data, ProblemList& problems);

/// Where [matrix] has the axis `data.fold` and [data] the number of folds k, folds become seeds, so that
/// variants are paired by fold and seed: takes the axis out of the matrix and returns, for each seed s, the
/// seeds s k + f for its folds f, which leave out fold f (core::fold_of()). Returns `seeds` where the folds
/// belong to variants: k differs among them, or combinations are excluded.
std::vector<std::uint64_t> spread_over_folds(Node& root, std::vector<std::uint64_t> seeds,
                                             ProblemList& problems);

/// The file or folder that the value of the setting `key` names: `${NAME}` and `${NAME:-default}` are
/// replaced by environment variables (`$${` stands for `${`), and a relative path is relative to the file it
/// stands in, or, given by --set, to the working directory. Reports a variable that is not set and has no
/// default.
std::string resolve_path(const Node& value, std::string_view key, ProblemList& problems);

/// A path as resolve_path reads it back: every "${" escaped.
std::string escape_path(const std::string& path);

}  // namespace segbench::study
