// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "harness/text/html.h"
#include "harness/text/metrics.h"
#include "harness/text/numbers.h"
#include "harness/text/utf8.h"
#include "reports/html/html.h"

namespace segbench::reports {
namespace {

std::string image_html(const std::string& png, const std::string& alternative, const char* kind = "") {
  return fmt::format("<img{} src=\"data:image/png;base64,{}\" alt=\"{}\" loading=\"lazy\">", kind,
                     text::base64(png), text::escape(alternative));
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

std::string panel_html(const ReportModel& model, const Panel& panel, const PanelPictures& pictures) {
  const std::string id = text::escape(panel.id);
  const bool is_film = !panel.tiles.empty() && panel.tiles.front().epoch;
  const char* what = is_film                  ? "of the valid pixels are wrong after the last epoch shown"
                     : panel.tiles.size() > 1 ? "of the valid pixels are not classified alike by all variants"
                                              : "of the valid pixels are wrong";
  std::string text = fmt::format(
      "<figure class=\"panel\"><figcaption><b>{}</b> · {}% {}</figcaption>\n<div class=\"tiles\">\n", id,
      text::fixed(100 * panel.disagreement, 1), what);
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
      "<p class=\"note\">Of the test images whose predictions were kept, those on which the variants "
      "disagree "
      "most. Each variant is shown by its trial with the median score; below each prediction its errors. The "
      "number is the {} of that image.{}{}</p>\n",
      text::escape(
          text::metric_title(model.metric == "loss" ? core::default_metric(model.background) : model.metric)),
      model.panels_note.empty() ? "" : " ", text::escape(model.panels_note));
  text += legend_html(model);
  for (std::size_t i = 0; i < model.panels.size() && i < assets.panels.size(); ++i) {
    text += panel_html(model, model.panels[i], assets.panels[i]);
  }
  return text + "</section>\n";
}

}  // namespace segbench::reports
