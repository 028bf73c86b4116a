// SPDX-License-Identifier: MIT
#include "harness/cli/data_look.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>
#include <numeric>

#include "harness/cli/data_output.h"
#include "harness/core/text.h"
#include "harness/data/describe.h"
#include "harness/study/study.h"

namespace segbench::cli {
namespace {

using core::Json;

struct LookRequest {
  std::string study;
  std::vector<std::string> overrides;
  std::string sheet;
  std::optional<std::uint64_t> seed;
  data::AugmentSheetOptions augment;
};

study::Study load(const LookRequest& request) {
  return study::load_study(request.study, request.overrides);
}

/// "96 x 128 (470), 96 x 129 (1)": the most frequent first, up to six.
std::string sizes_text(const data::Description& description) {
  std::vector<std::pair<std::int64_t, std::array<std::int64_t, 2>>> sizes;
  for (const auto& [size, images] : description.sizes) sizes.push_back({images, size});
  std::stable_sort(sizes.begin(), sizes.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<std::string> texts;
  for (const auto& [images, size] : sizes) {
    if (texts.size() < 6) texts.push_back(fmt::format("{} x {} ({})", size[0], size[1], images));
  }
  return fmt::format("{}{}", fmt::join(texts, ", "),
                     sizes.size() > 6 ? fmt::format(" and {} other sizes", sizes.size() - 6) : "");
}

std::string counts_text(const std::map<int, std::int64_t>& counts) {
  std::vector<std::string> texts;
  for (const auto& [value, images] : counts) texts.push_back(fmt::format("{} ({})", value, images));
  return fmt::format("{}", fmt::join(texts, ", "));
}

/// One row a class: images that show it, and its share of pixels, in each split.
Table share_table(const data::Description& description) {
  Table table;
  table.columns.push_back({.key = "class"});
  for (const char* split : {"train", "selection", "test"}) {
    table.columns.push_back(number_column(fmt::format("{}_images", split)));
    table.columns.push_back(number_column(fmt::format("{}_percent", split), 2));
  }
  const auto& classes = description.audit.classes;
  for (std::size_t c = 0; c <= classes.size(); ++c) {
    std::vector<Cell> row = {c == classes.size() ? Json("(void)") : Json(classes[c].name)};
    for (const char* split : {"train", "selection", "test"}) {
      const std::vector<data::ClassShare>& shares = description.shares.at(split);
      std::int64_t all = 0;
      for (const data::ClassShare& share : shares) all += share.pixels;
      row.push_back(shares[c].images);
      row.push_back(
          all == 0 ? Json() : Json(100.0 * static_cast<double>(shares[c].pixels) / static_cast<double>(all)));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

void print_description(const core::DataConfig& config, const data::Description& description,
                       const std::string& format) {
  const core::Splits& splits = description.audit.splits;
  fmt::print(format == "csv" ? stderr : stdout,
             "{}{}{}: {} samples, of which {} train, {} selection, {} test{}{}\nsizes: {}\nbits a sample: "
             "{}; bands: "
             "{}\nseen by networks at {} x {}, {} channel{}\n\n",
             config.kind, config.root.empty() ? "" : " ", config.root, description.samples,
             splits.train.size(), splits.selection.size(), splits.test.size(),
             description.groups > 0 ? fmt::format("; {} groups that stay together", description.groups) : "",
             config.folds > 0 ? fmt::format("; fold {} of {}", config.fold.value_or(0), config.folds) : "",
             sizes_text(description), counts_text(description.bits), counts_text(description.bands),
             description.audit.height, description.audit.width, config.channels,
             config.channels == 1 ? "" : "s");
  fmt::print("{}", render(share_table(description), format));
}

void run_describe(const LookRequest& request, Context& context) {
  const core::DataConfig config = load(request).variants.front().config.data;
  data::SheetOptions sheet = request.augment.sheet;
  sheet.file = request.sheet;
  const data::Description description =
      data::describe(config, sheet, terminal_progress("reading " + config.kind));
  if (context.format == "json")
    fmt::print("{}\n", data::to_json(description).dump(2));
  else
    print_description(config, description, context.format);
  fmt::print(stderr, "{}", finding_lines(description.audit));
  if (!request.sheet.empty())
    fmt::print(stderr, "{}: {} samples, row by row: {}\n", request.sheet, description.shown.size(),
               fmt::join(description.shown, ", "));
  if (description.audit.refused()) context.exit_code = core::kAuditRefused;
}

void run_augment(LookRequest& request) {
  const study::Study study = load(request);
  const core::VariantConfig& config = study.variants.front().config;
  if (config.training.augment.empty())
    throw core::UserError(
        fmt::format("{}: its first variant augments nothing; set training.augment", request.study));
  request.augment.sheet.file = request.sheet;
  request.augment.augment = config.training.augment;
  request.augment.seed = request.seed.value_or(study.seeds.front());
  const std::vector<std::string> ids = data::write_augment_sheet(
      config.data, request.augment, terminal_progress("reading " + config.data.kind));
  fmt::print("{}: as stored, then as augmented in epochs 1 to {} of seed {}; from above: {}\n", request.sheet,
             request.augment.epochs, request.augment.seed, fmt::join(ids, ", "));
}

CLI::App* add_look(CLI::App& data, const char* name, const char* help,
                   const std::shared_ptr<LookRequest>& request) {
  CLI::App* command = data.add_subcommand(name, help);
  command->add_option("STUDY", request->study, "experiment file; the data of its first variant")->required();
  command->add_option("--set", request->overrides, "override a setting of the study, key=value")
      ->allow_extra_args(false);
  command
      ->add_option("--samples", request->augment.sheet.samples,
                   "at most so many training samples on the sheet")
      ->check(check_positive);
  command
      ->add_option("--side", request->augment.sheet.side, "largest side of a picture on the sheet, in pixels")
      ->check(check_positive);
  command->add_flag("--force", request->augment.sheet.force, "replace an earlier sheet");
  return command;
}

}  // namespace

void add_data_look(CLI::App& data, Context& context) {
  const auto describing = std::make_shared<LookRequest>();
  CLI::App* describe =
      add_look(data, "describe", "Counts, sizes and class frequencies of a study's data", describing);
  describe->add_option("--sheet", describing->sheet, "PNG to write: training samples with their masks");
  describe->footer(
      "Examples:\n"
      "  segbench data describe study.toml\n"
      "  segbench data describe study.toml --sheet look.png --samples 40");
  describe->callback([describing, &context] { run_describe(*describing, context); });

  const auto augmenting = std::make_shared<LookRequest>();
  augmenting->augment.sheet.samples = 4;
  CLI::App* augment = add_look(
      data, "augment", "Write a sheet of training samples as the augmentations change them", augmenting);
  augment->add_option("--sheet", augmenting->sheet, "PNG to write")->required();
  augment->add_option("--epochs", augmenting->augment.epochs, "how many epochs to show")
      ->check(check_positive);
  augment->add_option("--seed", augmenting->seed,
                      "of the trial that sees them so; default: the study's first");
  augment->footer(
      "Examples:\n"
      "  segbench data augment study.toml --sheet augmented.png\n"
      "  segbench data augment study.toml --sheet augmented.png --samples 8 --epochs 3 --seed 2");
  augment->callback([augmenting] { run_augment(*augmenting); });
}

}  // namespace segbench::cli
