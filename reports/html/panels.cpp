// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "harness/text/html.h"
#include "harness/text/metrics.h"
#include "harness/text/numbers.h"
#include "harness/text/utf8.h"
#include "reports/html/html.h"
#include "reports/tables/queries.h"

namespace segbench::reports {
namespace {

/// A number of a PNG file's header: big endian, four bytes.
std::uint32_t header_number(const std::string& png, std::size_t at) {
  std::uint32_t number = 0;
  for (std::size_t i = at; i < at + 4 && i < png.size(); ++i)
    number = number << 8 | static_cast<unsigned char>(png[i]);
  return number;
}

std::string image_html(const std::string& png, const std::string& alternative, const char* kind = "") {
  constexpr std::size_t kWidthAt = 16, kHeightAt = 20;
  return fmt::format("<img{} src=\"data:image/png;base64,{}\" alt=\"{}\" width=\"{}\" height=\"{}\">", kind,
                     text::base64(png), text::escape(alternative), header_number(png, kWidthAt),
                     header_number(png, kHeightAt));
}

std::string tile_html(const std::string& images, const std::string& caption) {
  return fmt::format("<figure class=\"tile\">{}<figcaption>{}</figcaption></figure>\n", images, caption);
}

std::string legend_html(const ReportModel& model) {
  const Measurement& m = model.measurement;
  std::string text = "<ul class=\"legend\" aria-label=\"Colours\">";
  for (std::size_t c = 0; c < m.class_names.size() && c < m.class_colours.size(); ++c) {
    text += fmt::format("<li><span class=\"swatch\" style=\"background:{}\"></span>{}</li>",
                        text::escape(m.class_colours[c]), text::escape(m.class_names[c]));
  }
  return text +
         "<li><span class=\"swatch\" style=\"background:repeating-linear-gradient(135deg,#fff 0 2px,#969696 "
         "2px 4px)\"></span>void, not scored</li>"
         "<li><span class=\"swatch\" style=\"background:#d55e00\"></span>wrong (error maps)</li></ul>\n";
}

/// "33.7% of the valid pixels are wrong".
std::string disagreement_text(const Panel& panel) {
  const bool is_film = !panel.tiles.empty() && panel.tiles.front().epoch;
  const char* what = is_film                  ? "are wrong after the last epoch shown"
                     : panel.tiles.size() > 1 ? "are not classified alike"
                                              : "are wrong";
  return fmt::format("{}% of the valid pixels {}", text::fixed(100 * panel.disagreement, 1), what);
}

std::string panel_html(const ReportModel& model, const Panel& panel, const PanelPictures& pictures) {
  std::string text = fmt::format(
      "<figure class=\"panel\" data-query=\"{}\"><figcaption><b>{}</b>{} · {}</figcaption>\n<div "
      "class=\"tiles\">\n",
      text::escape(image_query(model.split)), text::escape(panel.id),
      panel.note.empty() ? "" : " · " + text::escape(panel.note), disagreement_text(panel));
  text += tile_html(image_html(pictures.input, "Input image " + panel.id, " class=\"photo\""), "input");
  text += tile_html(image_html(pictures.truth, "Ground truth of " + panel.id), "ground truth");
  for (std::size_t i = 0; i < panel.tiles.size(); ++i) {
    const PanelTile& tile = panel.tiles[i];
    const Entry* entry = find_entry(model, tile.variant);
    std::string label = entry != nullptr ? text::clean(entry->label) : tile.variant;
    if (tile.epoch) label += fmt::format(", epoch {}", *tile.epoch);
    const std::string images =
        image_html(pictures.predictions[i], fmt::format("Prediction of {} for {}", label, panel.id)) +
        image_html(pictures.errors[i], fmt::format("Errors of {} on {}", label, panel.id));
    const std::string score =
        tile.score ? fmt::format(" · <data value=\"{}\"{}>{}</data>", *tile.score,
                                 text::trials_attribute({tile.trial}), text::fixed(*tile.score, 3))
                   : std::string(" · ") + text::kUndefined;
    text += tile_html(images, text::escape(label) + score);
  }
  return text + "</div></figure>\n";
}

}  // namespace

std::string panels_html(const ReportModel& model, const PageAssets& assets) {
  std::string text = "<section id=\"panels\">\n<h2>Predictions</h2>\n";
  if (model.panels.empty()) {
    return text + fmt::format("<p class=\"note\">No predictions are shown. {}</p>\n</section>\n",
                              text::escape(model.panels_note));
  }
  text += fmt::format(
      "<p class=\"note\">Of the test images whose predictions were kept, those that are worth a look. Each "
      "variant is shown by its trial with the median score; below each prediction its errors. The number "
      "beside "
      "a name is the {} of that image.{}{}</p>\n",
      text::escape(text::metric_title(conclusions::image_metric(model))),
      model.panels_note.empty() ? "" : " ", text::escape(model.panels_note));
  text += legend_html(model);
  for (std::size_t i = 0; i < model.panels.size() && i < assets.panels.size(); ++i) {
    const std::string& group = model.panels[i].group;
    if (i == 0 || group != model.panels[i - 1].group)
      text += fmt::format("<h3>{}</h3>\n", text::escape(group));
    text += panel_html(model, model.panels[i], assets.panels[i]);
  }
  return text + "</section>\n";
}

}  // namespace segbench::reports
