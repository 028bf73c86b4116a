// SPDX-License-Identifier: MIT
#include "harness/cli/submission.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/text.h"

namespace segbench::cli {

data::PixelOrder pixel_order(const std::string& name) {
  return name == "rows" ? data::PixelOrder::kRows : data::PixelOrder::kColumns;
}

void add_order_option(CLI::App& command, std::string& order, const std::string& flag) {
  command
      .add_option(
          flag, order,
          "How pixels are numbered: columns (top to bottom first, as TGS Salt) or rows (left to right "
          "first, as Carvana)")
      ->check(CLI::IsMember({"columns", "rows"}))
      ->capture_default_str();
}

void add_submission_options(CLI::App& command, SubmissionOptions& options) {
  command.add_option("--submission", options.file,
                     "Write the masks as Kaggle's run lengths into this CSV file");
  command.add_option("--submission-header", options.header, "Its first line")->capture_default_str();
  command.add_option("--submission-class", options.class_name,
                     "The class that is submitted (default: the second of two)");
  command.add_flag("--submission-suffix", options.with_suffix, "Name images with their suffix: car_01.jpg");
  add_order_option(command, options.order, "--submission-order");
}

void check_submission(const SubmissionOptions& options, bool force) {
  if (options.file.empty() || !std::filesystem::exists(options.file)) return;
  if (!force)
    throw core::UserError(fmt::format("{}: there is such a file; --force replaces it", options.file));
}

std::size_t require_class(const SubmissionOptions& options, const std::vector<core::ClassInfo>& classes) {
  if (options.file.empty()) return 0;
  if (options.class_name.empty() && classes.size() == 2) return 1;
  std::vector<std::string> names;
  for (std::size_t c = 0; c < classes.size(); ++c) {
    if (classes[c].name == options.class_name) return c;
    names.push_back(classes[c].name);
  }
  throw core::UserError(fmt::format("--submission-class: {}; classes: {}{}",
                                    options.class_name.empty()
                                        ? "one of several must be named"
                                        : "there is no class \"" + options.class_name + "\"",
                                    fmt::join(names, ", "), core::did_you_mean(options.class_name, names)));
}

void SubmissionWriter::add(const std::filesystem::path& image, const data::LabelMap& labels) {
  if (options_.file.empty()) return;
  data::BinaryMask mask{labels.height, labels.width, {}};
  for (const std::uint8_t label : labels.labels) mask.set.push_back(label == class_ ? 1 : 0);
  lines_.push_back({options_.with_suffix ? image.filename() : image.stem(),
                    data::encode_runs(mask, pixel_order(options_.order))});
}

void SubmissionWriter::write() const {
  if (options_.file.empty()) return;
  const std::filesystem::path folder = std::filesystem::path(options_.file).parent_path();
  if (!folder.empty()) std::filesystem::create_directories(folder);
  core::write_file_atomically(options_.file, data::submission_text({options_.header, lines_}));
}

}  // namespace segbench::cli
