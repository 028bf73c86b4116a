// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <cmath>

#include "harness/text/html.h"
#include "harness/text/numbers.h"
#include "reports/figures/palette.h"
#include "reports/model/labels.h"
#include "reports/tables/queries.h"
#include "reports/tables/tables.h"

namespace segbench::reports {
namespace {

text::Cell heat_cell(const ClassScore& score) {
  text::Cell cell = text::number_cell(score.iou.mean, 2, score.iou.trials, score.iou.why_undefined);
  if (!score.iou.mean) {
    cell.style = "background:var(--hatch)";
    return cell;
  }
  const Shade shade = heat_shade(*score.iou.mean);
  cell.style = fmt::format("background:{};color:{}", shade.background, shade.text);
  cell.note = fmt::format("{}: {:.4f}, {}", score.name, *score.iou.mean,
                          text::plural(score.iou.values.size(), "trial"));
  if (!score.iou.why_undefined.empty()) cell.note += "; " + score.iou.why_undefined;
  return cell;
}

text::Cell percent_cell(std::int64_t part, std::int64_t whole) {
  const double share = 100 * static_cast<double>(part) / static_cast<double>(whole);
  text::Cell cell =
      text::number_cell(static_cast<double>(part), fmt::format("{}%", text::fixed(share, share < 1 ? 2 : 1)));
  cell.note = text::grouped(part) + " pixels";
  return cell;
}

}  // namespace

text::Table per_class_table(const ReportModel& model) {
  text::Table table{
      .name = "per_class",
      .caption = fmt::format("IoU of each class on the {} split, mean over trials. A cell without a number: "
                             "the class occurs neither in the ground truth nor in a prediction.",
                             model.split),
      .columns = {{"variant", "Variant"}},
      .rows = {},
      .row_heads = true,
      .sortable = true,
      .heat = true};
  const std::vector<std::string> names = class_names(model);
  for (const std::string& name : names) {
    table.columns.push_back({name, name, true});
    table.columns.back().query = class_query(name, model.split);
    table.columns.back().statistic = "mean";
  }
  for (const Entry& entry : model.leaderboard) {
    if (entry.classes.empty()) continue;  // no complete trial
    std::vector<text::Cell> row = {text::Cell(entry.label)};
    for (const std::string& name : names) {
      const ClassScore* found = find_class(entry, name);
      ClassScore none{.name = name, .iou = {}};
      none.iou.why_undefined = "the variant has no such class";
      row.push_back(heat_cell(found == nullptr ? none : *found));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

text::Table class_pixels_table(const ReportModel& model) {
  const Measurement& m = model.measurement;
  text::Table table{.name = "class_pixels",
                    .caption = "Share of the pixels of each class, by split; of all pixels, void included.",
                    .columns = {{"class", "Class"}},
                    .rows = {}};
  for (const SplitPixels& split : m.class_pixels) {
    const std::string images =
        split.images ? fmt::format(", {}", text::plural(static_cast<std::size_t>(*split.images), "image"))
                     : "";
    table.columns.push_back({split.split, split.split + images, true});
  }
  const std::size_t lines = m.class_names.size() + 1;
  for (std::size_t c = 0; c < lines; ++c) {
    std::vector<text::Cell> row = {text::Cell(c < m.class_names.size() ? m.class_names[c] : "void")};
    if (c < m.class_colours.size()) {
      row[0].markup =
          fmt::format("<span class=\"swatch\" style=\"background:{}\"></span>{}",
                      text::escape(m.class_colours[c]), text::escape(text::shown(row[0], table.columns[0])));
    }
    for (const SplitPixels& split : m.class_pixels) {
      std::int64_t sum = 0;
      for (const std::int64_t pixels : split.pixels) sum += pixels;
      row.push_back(c < split.pixels.size() && sum > 0
                        ? percent_cell(split.pixels[c], sum)
                        : text::number_cell(std::nullopt, "", {}, "not counted"));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

namespace {

const TableRegistration kPerClass({.order = 30, .title = "", .make = per_class_table});
const TableRegistration kClassPixels({.order = 100, .title = "", .make = class_pixels_table});

}  // namespace

}  // namespace segbench::reports
