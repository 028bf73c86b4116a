// SPDX-License-Identifier: MIT
#include "results/conclusions/confusions.h"

#include <fmt/format.h>

#include "harness/text/numbers.h"
#include "harness/text/utf8.h"
#include "reports/figures/palette.h"
#include "reports/tables/queries.h"
#include "reports/tables/tables.h"

namespace segbench::reports {
namespace {

text::Cell pixels_cell(std::int64_t pixels, const std::vector<std::string>& trials) {
  text::Cell cell = text::integer_cell(pixels, trials);
  cell.text = text::grouped(pixels);
  return cell;
}

text::Cell share_cell(std::int64_t pixels, std::int64_t whole, const std::vector<std::string>& trials) {
  if (whole == 0) {
    text::Cell undefined = text::number_cell(std::nullopt, "", trials, "the class does not occur");
    undefined.style = "background:var(--hatch)";
    return undefined;
  }
  const double share = static_cast<double>(pixels) / static_cast<double>(whole);
  text::Cell cell = text::number_cell(share, text::fixed(100 * share, 0), trials);
  const Shade shade = heat_shade(share);
  cell.style = fmt::format("background:{};color:{}", shade.background, shade.text);
  cell.note = text::grouped(pixels) + " pixels";
  return cell;
}

/// The pairs of classes that each variant takes for each other the most, with a hint at those that may be
/// one.
text::Table confusions_table(const ReportModel& model) {
  text::Table table{.name = "confusions",
                    .caption = fmt::format("Classes that are taken for each other on the {} split, over all "
                                           "trials of a variant. Share: of the "
                                           "pixels of both that are predicted as one of both, those that are "
                                           "taken for the other; a coin would "
                                           "give 0.5.",
                                           model.split),
                    .columns = {{"variant", "Variant"},
                                {"class", "Class"},
                                {"other_class", "Other class"},
                                {"taken_for_it", "Pixels taken for it", true},
                                {"and_back", "and back", true},
                                {.key = "share", .title = "Share", .number = true, .digits = 3},
                                {.key = "hint", .title = "Hint", .wrap = true}},
                    .rows = {},
                    .keys = 3,
                    .sortable = true};
  const std::string query = fmt::format(
      "SELECT trial_id, pixels, truth, prediction FROM confusion WHERE split = '{}' AND trial_id IN "
      "(:trials)",
      model.split);
  set_query(table, "taken_for_it", query, "sum over trials, of the row’s classes");
  set_query(table, "and_back", query, "sum over trials, of the row’s classes");
  set_query(table, "share", query, "share of the pixels of both classes predicted as one of both");
  for (const conclusions::ClassConfusion& confusion : model.confusions) {
    const Entry* entry = find_entry(model, confusion.variant);
    for (const conclusions::ConfusedPair& pair : conclusions::most_confused(confusion.pixels)) {
      table.rows.push_back({text::Cell(text::clean(entry != nullptr ? entry->label : confusion.variant)),
                            text::Cell(confusion.classes.at(static_cast<std::size_t>(pair.first))),
                            text::Cell(confusion.classes.at(static_cast<std::size_t>(pair.second))),
                            pixels_cell(pair.first_as_second, confusion.trials),
                            pixels_cell(pair.second_as_first, confusion.trials),
                            text::number_cell(pair.share(), 3, confusion.trials),
                            text::Cell(pair.may_be_one() ? "may be one class (data.merge)" : "")});
    }
  }
  return table;
}

/// Of the leader: of each class's pixels the share that is predicted as each class.
text::Table matrix_table(const ReportModel& model) {
  text::Table table{
      .name = "confusion_matrix", .caption = {}, .columns = {{"class", "Truth"}}, .rows = {}, .heat = true};
  if (model.confusions.empty()) return table;
  const conclusions::ClassConfusion& confusion = model.confusions.front();
  const Entry* entry = find_entry(model, confusion.variant);
  table.caption = fmt::format(
      "{}, {} split: of each class's pixels (rows) the percentage that is predicted as each class "
      "(columns){}.",
      text::clean(entry != nullptr ? entry->label : confusion.variant), model.split,
      conclusions::say_shown_classes(confusion));
  const std::vector<std::size_t> classes = conclusions::shown_classes(confusion.pixels);
  const std::vector<core::ClassCounts> counts = confusion.pixels.class_counts();
  for (const std::size_t c : classes) {
    table.columns.push_back({confusion.classes[c], confusion.classes[c], true});
    table.columns.back().query = confusion_query(model.split);
    table.columns.back().statistic = "share of the row in the sum over trials";
  }
  for (const std::size_t truth : classes) {
    std::vector<text::Cell> row = {text::Cell(confusion.classes[truth])};
    const std::int64_t whole = counts[truth].tp + counts[truth].fn;
    for (const std::size_t predicted : classes) {
      const std::int64_t pixels = confusion.pixels.at(static_cast<int>(truth), static_cast<int>(predicted));
      row.push_back(share_cell(pixels, whole, confusion.trials));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

const TableRegistration kConfusionMatrix({.order = 31,
                                          .title = "Confusion of the leader",
                                          .make = matrix_table});
const TableRegistration kConfusions({.order = 32,
                                     .title = "Classes taken for each other",
                                     .make = confusions_table});

}  // namespace
}  // namespace segbench::reports
