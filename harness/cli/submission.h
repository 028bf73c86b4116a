// SPDX-License-Identifier: MIT
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/core/decode_cache.h"
#include "harness/data/codecs/image.h"
#include "harness/data/codecs/run_lengths.h"

namespace segbench::cli {

struct SubmissionOptions {
  std::string file;  ///< "": none
  std::string header = "id,rle_mask";
  std::string order = "columns";
  std::string class_name;  ///< "": the second one of two
  bool with_suffix = false;
};

data::PixelOrder pixel_order(const std::string& name);
/// --order: columns or rows.
void add_order_option(CLI::App& command, std::string& order, const std::string& flag);
void add_submission_options(CLI::App& command, SubmissionOptions& options);

/// Refuses to write over a file, unless `force` says so.
void check_submission(const SubmissionOptions& options, bool force);
/// The class that is submitted; throws core::UserError when there is none of this name, or several to choose
/// from. 0 when nothing is submitted.
std::size_t require_class(const SubmissionOptions& options, const std::vector<core::ClassInfo>& classes);

/// Gathers masks and writes them as run lengths; does nothing where no file was asked for.
class SubmissionWriter {
 public:
  SubmissionWriter(const SubmissionOptions& options, const std::vector<core::ClassInfo>& classes)
      : options_(options), class_(require_class(options, classes)) {}
  void add(const std::filesystem::path& image, const data::LabelMap& labels);
  void write() const;

 private:
  const SubmissionOptions& options_;
  std::size_t class_;
  std::vector<data::Submission::Line> lines_;
};

}  // namespace segbench::cli
