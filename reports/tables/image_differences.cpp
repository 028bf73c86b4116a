// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>

#include "harness/text/metrics.h"
#include "harness/text/numbers.h"
#include "harness/text/utf8.h"
#include "reports/tables/queries.h"
#include "reports/tables/tables.h"

namespace segbench::reports {
namespace {

constexpr std::size_t kShownEachWay = 5;

std::string name_of_variant(const ReportModel& model, const std::string& variant) {
  const Entry* entry = find_entry(model, variant);
  return entry == nullptr ? text::kUndefined : text::clean(entry->label);
}

text::Table table_of(const ReportModel& model, std::string name, std::string caption) {
  text::Table table{.name = std::move(name),
                    .caption = std::move(caption),
                    .columns = {{"candidate", "Candidate"},
                                {"reference", "Reference"},
                                {"image", "Image"},
                                {"index", "", true, text::Where::kData},
                                {"candidate_score", "Candidate’s score", true},
                                {"reference_score", "Reference’s score", true},
                                {"difference", "Difference", true}},
                    .rows = {},
                    .keys = 3,
                    .row_heads = false};
  const std::string metric = text::metric_title(conclusions::image_metric(model));
  for (const char* key : {"candidate_score", "reference_score", "difference"})
    set_query(table, key, image_query(model.split),
              metric + " of one image, mean over the trials" +
                  (key == std::string("difference") ? ", candidate minus reference" : ""));
  return table;
}

std::vector<text::Cell> row_of(const ReportModel& model, const ImageComparison& pair,
                               const ImageDifference& line) {
  return {text::Cell(name_of_variant(model, pair.candidate)),
          text::Cell(name_of_variant(model, pair.reference)),
          text::Cell(line.id),
          text::integer_cell(line.index),
          text::number_cell(line.candidate, 3, pair.trials),
          text::number_cell(line.reference, 3, pair.trials),
          text::number_cell(line.difference, text::signed_fixed(line.difference, 3), pair.trials)};
}

/// Every image of every pair: the data behind the figure.
text::Table image_differences_table(const ReportModel& model) {
  text::Table table = table_of(model, "image_differences",
                               "Every image, scored by its own counts: mean over the seeds that both have.");
  for (const ImageComparison& pair : model.by_image) {
    for (const ImageDifference& line : pair.lines) table.rows.push_back(row_of(model, pair, line));
  }
  return table;
}

/// The ends of the list.
text::Table largest_differences_table(const ReportModel& model) {
  text::Table table = table_of(
      model, "largest_differences",
      fmt::format("The images on which two variants differ most, up to {} each way: {} of the image’s own "
                  "counts, mean over the seeds that both have. All images: tables/image_differences.csv.",
                  kShownEachWay, text::metric_title(conclusions::image_metric(model))));
  for (const ImageComparison& pair : model.by_image) {
    const std::size_t n = pair.lines.size(), head = std::min(kShownEachWay, pair.better);
    const std::size_t tail = n - std::min(kShownEachWay, pair.worse);
    for (std::size_t i = 0; i < n; ++i) {
      if (i < head || i >= tail) table.rows.push_back(row_of(model, pair, pair.lines[i]));
    }
  }
  return table;
}

text::Table hard_images_table(const ReportModel& model) {
  const HardImages& hard = model.hard;
  text::Table table{
      .name = "hard_images",
      .caption = fmt::format(
          "Of {} images those on which the best of {} scores lowest ({} of the image’s own counts, each "
          "variant by its trial with the median score).",
          hard.images, text::plural(hard.trials.size(), "variant"),
          text::metric_title(conclusions::image_metric(model))),
      .columns = {{"image", "Image"},
                  {"index", "", true, text::Where::kData},
                  {"best", "Best score", true},
                  {"variant", "Of"},
                  {"mean", "Mean over variants", true}},
      .rows = {}};
  const std::string query = image_query(model.split);
  set_query(table, "best", query, "score of one image, maximum over the trials");
  set_query(table, "mean", query, "score of one image, mean over the trials");
  if (hard.trials.size() < 2) return table;
  for (const HardImage& image : hard.lines)
    table.rows.push_back({text::Cell(image.id), text::integer_cell(image.index),
                          text::number_cell(image.best, 3, hard.trials),
                          text::Cell(name_of_variant(model, image.best_variant)),
                          text::number_cell(image.mean, 3, hard.trials)});
  return table;
}

const TableRegistration kImageDifferencesTable({.order = 41, .title = "", .make = image_differences_table});
const TableRegistration kLargestDifferences({.order = 46,
                                             .title = "Image by image",
                                             .make = largest_differences_table});
const TableRegistration kHardImages({.order = 47,
                                     .title = "Images that every variant finds hard",
                                     .make = hard_images_table});

}  // namespace
}  // namespace segbench::reports
