// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <cstdio>
#include <map>
#include <memory>

#include "harness/cli/command.h"
#include "harness/cli/submission.h"
#include "harness/cli/table.h"
#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/data/codecs/image_file.h"
#include "harness/data/codecs/output_files.h"

namespace segbench::cli {
namespace {

struct ReadingOptions {
  std::string file, output;
  std::int64_t height = 0, width = 0;
  std::string order = "columns";
  bool force = false;
};

/// The masks of all lines; several lines of one name are parts of one mask.
std::map<std::string, data::BinaryMask> masks_of(const data::Submission& submission,
                                                 const ReadingOptions& options) {
  std::map<std::string, data::BinaryMask> masks;
  std::vector<core::Problem> problems;
  const auto pixels = static_cast<std::size_t>(options.height * options.width);
  for (const data::Submission::Line& line : submission.lines) {
    const std::string stem = std::filesystem::path(line.name).stem();
    data::BinaryMask& mask = masks
                                 .try_emplace(stem, data::BinaryMask{options.height, options.width,
                                                                     std::vector<std::uint8_t>(pixels)})
                                 .first->second;
    try {
      data::decode_runs(line.runs, pixel_order(options.order), mask);
    } catch (const core::UserError& error) {
      problems.push_back({options.file, 0, 0, fmt::format("{}: {}", line.name, error.what())});
    }
  }
  if (!problems.empty()) throw core::UserError(std::move(problems));
  return masks;
}

void read_masks(const ReadingOptions& options, const Context& context) {
  const data::Submission submission = data::read_submission(core::read_file(options.file), options.file);
  const auto masks = masks_of(submission, options);
  data::OutputPlan plan{.files = {}, .inputs = {options.file}, .data_root = {}, .force = options.force};
  const auto file_of = [&](const std::string& name) {
    return std::filesystem::path(options.output) / (name + ".png");
  };
  for (const auto& [name, mask] : masks) plan.files.push_back(file_of(name));
  data::check_outputs(plan);
  std::filesystem::create_directories(options.output);
  Table table;
  table.columns = {{"name"}, number_column("pixels", 0), {"mask"}};
  for (const auto& [name, mask] : masks) {
    data::Image picture{.height = mask.height, .width = mask.width, .channels = 1, .pixels = {}};
    std::int64_t set = 0;
    for (const std::uint8_t value : mask.set) {
      picture.pixels.push_back(value != 0 ? 255 : 0);
      set += value;
    }
    data::write_png(file_of(name), picture);
    table.rows.push_back({name, set, file_of(name).string()});
  }
  fmt::print("{}", render(table, context.format));
}

}  // namespace

void add_submission(CLI::App& app, Context& context) {
  const auto options = std::make_shared<ReadingOptions>();
  CLI::App* command = app.add_subcommand("submission", "Turn Kaggle's run lengths back into masks");
  command->add_option("FILE", options->file, "A CSV file: a header, then name and runs in every line")
      ->required();
  command->add_option("--height", options->height, "Of the masks, in pixels")
      ->required()
      ->check(CLI::Range(1, 65536));
  command->add_option("--width", options->width, "Likewise")->required()->check(CLI::Range(1, 65536));
  command->add_option("--output,-o", options->output, "Folder for NAME.png (0 and 255), created when absent")
      ->required();
  add_order_option(*command, options->order, "--order");
  command->add_flag("--force", options->force, "Replace earlier outputs of Segbench");
  command->footer(
      "`segbench predict --submission` writes such files.\n\nExamples:\n"
      "  segbench submission train.csv --height 101 --width 101 -o masks\n"
      "  segbench submission train_masks.csv --height 1280 --width 1918 --order rows -o masks");
  command->callback([options, &context] { read_masks(*options, context); });
}

}  // namespace segbench::cli
