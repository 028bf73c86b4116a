// SPDX-License-Identifier: MIT
#include "harness/data/export.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/streams.h"
#include "harness/data/audit/judge.h"
#include "harness/data/codecs/image_file.h"
#include "harness/data/codecs/output_files.h"
#include "harness/data/kinds/listing.h"
#include "harness/data/views.h"

namespace segbench::data {
namespace {

void write_classes(const std::filesystem::path& file, const std::vector<core::ClassInfo>& classes) {
  std::string text;
  for (std::size_t c = 0; c < classes.size(); ++c) {
    const Rgb& colour = classes[c].colour;
    text += fmt::format("{}\t#{:02x}{:02x}{:02x}\t{}\n", c, colour[0], colour[1], colour[2], classes[c].name);
  }
  core::write_file_atomically(file, text + "void\t#ffffff\n");
}

/// "a/b" as "a_b"; where two ids would have one name, counted on: "a_b-2".
std::vector<std::string> file_stems(const Catalogue& catalogue) {
  std::set<std::string> taken;
  std::vector<std::string> stems;
  for (const Sample& sample : catalogue.samples) {
    std::string stem = sample.id;
    std::replace(stem.begin(), stem.end(), '/', '_');
    std::string name = stem;
    for (int n = 2; taken.contains(name) || taken.contains(name + "_mask"); ++n)
      name = fmt::format("{}-{}", stem, n);
    taken.insert(name), taken.insert(name + "_mask");
    stems.push_back(name);
  }
  return stems;
}

std::string epoch_folder(std::uint32_t epoch) {
  return fmt::format("epoch-{}", epoch);
}

/// Refuses to write over what is not ours, for every name that the export may use.
void check_export(const Catalogue& catalogue, const std::filesystem::path& folder,
                  const ExportOptions& options, const std::vector<std::string>& stems) {
  OutputPlan plan{
      .files = {folder / "classes.txt"}, .inputs = {}, .data_root = catalogue.root, .force = options.force};
  for (const std::string split : {"train", "selection", "test"}) {
    if (options.split && *options.split != split) continue;
    std::vector<std::filesystem::path> folders = {folder / split};
    for (std::uint32_t epoch = 1; split == "train" && epoch <= options.epochs; ++epoch)
      folders.push_back(folder / split / epoch_folder(epoch));
    for (const std::filesystem::path& into : folders) {
      for (const std::string& stem : stems) {
        plan.files.push_back(into / (stem + ".png"));
        plan.files.push_back(into / (stem + "_mask.png"));
      }
    }
  }
  check_outputs(plan);
}

}  // namespace

AuditReport export_samples(const core::DataConfig& config, const std::filesystem::path& folder,
                           const ExportOptions& options, std::int64_t& written,
                           const Progress& progress) try {
  const Catalogue catalogue = open_catalogue(config);
  const std::vector<std::string> stems = file_stems(catalogue);
  check_export(catalogue, folder, options, stems);
  const Scan scan = scan_samples(catalogue, config, {}, progress);
  const AuditReport report = judge(catalogue, config, scan);
  const core::PixelRange range = exported_range(catalogue, config, scan, report.splits);
  std::filesystem::create_directories(folder);
  write_classes(folder / "classes.txt", catalogue.classes);
  const augmentations::Augmentations parts = augmentations::make_augmentations(options.augment);
  const std::array<std::pair<std::string, const std::vector<std::int64_t>*>, 3> splits = {
      {{"train", &report.splits.train},
       {"selection", &report.splits.selection},
       {"test", &report.splits.test}}};
  const std::function<DecodedSample(std::int64_t)> load = [&](std::int64_t i) {
    return load_sample(catalogue, config, static_cast<std::size_t>(i), {scan.height, scan.width}, range.bits);
  };
  const TrainingSamples training{report.splits.train, load, training_shares(report)};
  written = 0;
  for (const auto& [name, samples] : splits) {
    if (options.split && *options.split != name) continue;
    std::int64_t left = options.limit.value_or(INT64_MAX);
    for (const std::int64_t sample : *samples) {
      const auto index = static_cast<std::size_t>(sample);
      if (!scan.samples[index].findings.empty()) continue;
      if (left-- <= 0) break;
      const DecodedSample decoded =
          load_sample(catalogue, config, index, {scan.height, scan.width}, range.bits);
      const auto write = [&](const std::filesystem::path& into, const DecodedSample& shown) {
        std::filesystem::create_directories(into);
        write_png(into / (stems[index] + ".png"), view_of(shown.image, range));
        write_png(into / (stems[index] + "_mask.png"), in_colours(shown.labels, catalogue.classes));
      };
      write(folder / name, decoded);
      for (std::uint32_t epoch = 1; name == "train" && epoch <= options.epochs; ++epoch) {
        write(folder / name / epoch_folder(epoch),
              augmented(sample, training, parts, range, options.seed, epoch));
      }
      ++written;
    }
  }
  return report;
} catch (const std::filesystem::filesystem_error& error) {
  throw core::UserError(
      fmt::format("{}: {}", printable(error.path1().string()), core::system_message(error.code().value())),
      core::kTrialFailed);
}

}  // namespace segbench::data
