// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>

#include "harness/core/text.h"
#include "harness/serve/http.h"
#include "harness/serve/pages.h"
#include "harness/text/html.h"

namespace segbench::serve {
namespace {

constexpr std::size_t kMostChoices = 300;  ///< the others are reached from their own pages

std::string name_of(const Prediction& prediction) {
  return prediction.name.empty() ? "an image" : prediction.name;
}

/// The trials that can look at an image, by variant, as boxes to tick.
std::string choices_html(const Snapshot& snapshot, std::string_view chosen) {
  std::string html;
  std::size_t shown = 0;
  for (std::size_t i = 0; i < snapshot.trials.size(); ++i) {
    const run::ListedTrial& trial = snapshot.trials[i];
    if (snapshot.states[i].status != core::TrialStatus::kComplete) continue;
    if (shown >= kMostChoices && trial.trial_id != chosen) continue;
    if (!can_predict(trial)) continue;
    ++shown;
    const auto& score = snapshot.states[i].selection_value;
    html += fmt::format(
        "<li><label><input type=\"checkbox\" name=\"trial\" value=\"{}\"{}> {}, seed {}{}</label></li>\n",
        text::escape(trial.trial_id), trial.trial_id == chosen ? " checked" : "",
        text::escape(trial.variant_label), trial.seed,
        score ? fmt::format(" <span class=\"note\">score {:.4f}</span>", *score) : "");
  }
  if (shown >= kMostChoices)
    html += "<li class=\"note\">Of further trials, open the page and follow “try an image”.</li>\n";
  return html;
}

std::string form_html(const std::string& choices, const PredictionLimits& limits) {
  return fmt::format(
      "<form id=\"upload\" data-bytes=\"{0}\" data-trials=\"{1}\">\n"
      "<p><label>Image <input type=\"file\" id=\"image\" name=\"image\" required "
      "accept=\".png,.jpg,.jpeg,.gif,.bmp,.tif,.tiff,.webp,.pnm,.pgm,.ppm\"></label></p>\n"
      "<fieldset><legend>Trials that look at it (at most {1})</legend><ul "
      "class=\"choices\">\n{2}</ul></fieldset>\n"
      "<p><button type=\"submit\">Segment</button> <span id=\"upload-says\" "
      "role=\"alert\"></span></p>\n</form>\n"
      "<noscript><p class=\"banner\">Sending an image from this page needs JavaScript. <code>segbench "
      "predict</code> "
      "does the same.</p></noscript>\n"
      "<p class=\"note\">PNG, JPEG, GIF, BMP, TIFF, WebP or PNM, up to {3} and {4:.0f} million pixels. It "
      "stays on the "
      "machine that runs <code>segbench serve</code> and is removed when that ends.</p>\n",
      limits.bytes, limits.trials, choices, core::human_bytes(limits.bytes),
      static_cast<double>(limits.pixels) / 1e6);
}

std::string earlier_html(const std::vector<Prediction>& earlier) {
  if (earlier.empty()) return "";
  std::string html = "<h2>Images so far</h2>\n<ul>\n";
  for (const Prediction& prediction : earlier) {
    html += fmt::format(
        "<li><a href=\"/predictions/{}\">{}</a> <span class=\"note\">{}, {}{}</span></li>\n", prediction.id,
        text::escape(name_of(prediction)), prediction.time.substr(11, 8),
        prediction.answers.size() == 1 ? "1 trial" : fmt::format("{} trials", prediction.answers.size()),
        prediction.is_over() ? "" : ", at work");
  }
  return html + "</ul>\n";
}

std::string legend_html(const std::vector<core::ClassInfo>& legend) {
  std::string html;
  for (const core::ClassInfo& info : legend) {
    html += fmt::format(
        "<li><svg class=\"swatch\" viewBox=\"0 0 1 1\" aria-hidden=\"true\"><rect width=\"1\" height=\"1\" "
        "fill=\"#{:02x}{:02x}{:02x}\"/></svg>{}</li>",
        info.colour[0], info.colour[1], info.colour[2], text::escape(info.name));
  }
  return html.empty() ? "" : "<ul class=\"legend\">" + html + "</ul>\n";
}

std::string answer_html(const Prediction& prediction, const PredictionAnswer& answer) {
  const std::string head =
      fmt::format("{}, seed {}", trial_link(answer.trial, answer.trial.variant_label), answer.trial.seed);
  const std::string name =
      text::escape(fmt::format("{}, seed {}", answer.trial.variant_label, answer.trial.seed));
  if (answer.state == AnswerState::kDone) {
    const std::string begin =
        fmt::format("/predictions/{}/{}/", prediction.id, encoded(answer.trial.trial_id));
    return fmt::format(
        "<figure class=\"tile\"><img class=\"overlay\" src=\"{0}overlay.png\" alt=\"Classes over the image: "
        "{1}\"><img class=\"colour\" src=\"{0}colour.png\" alt=\"Classes: {1}\"><figcaption>{2}<br>{3}"
        "<br><a href=\"{0}mask.png\">mask of class numbers</a></figcaption></figure>\n",
        begin, name, head, text::escape(answer.classes));
  }
  if (answer.state == AnswerState::kFailed) {
    return fmt::format(
        "<figure class=\"tile\"><p class=\"banner\">{}</p><figcaption>{}</figcaption></figure>\n",
        text::escape(answer.message), head);
  }
  return fmt::format(
      "<figure class=\"tile\"><p class=\"waiting\">{}</p><figcaption>{}</figcaption></figure>\n",
      answer.state == AnswerState::kRunning ? "At work …" : "Waiting …", head);
}

}  // namespace

std::string predict_page(const Snapshot& snapshot, const std::vector<Prediction>& earlier,
                         const PredictionLimits& limits, std::string_view chosen) {
  const std::string choices = choices_html(snapshot, chosen);
  std::string html =
      "<p class=\"kicker\">Study <b>" + text::escape(snapshot.study) + "</b></p>\n<h1>Try an image</h1>\n";
  html += choices.empty()
              ? "<p class=\"banner\">No trial can look at an image yet: none is complete with its weights "
                "(weights.safetensors in its folder). This page shows them as they come.</p>\n"
              : form_html(choices, limits);
  return framed({.study = snapshot.study, .place = Place::kPredict, .title = "Predict"},
                html + earlier_html(earlier));
}

std::string prediction_page(const std::string& study, const Prediction& prediction) {
  std::string html =
      fmt::format("<p class=\"kicker\"><a href=\"/predict\">Another image</a></p>\n<h1>{}</h1>\n",
                  text::escape(name_of(prediction)));
  const auto done =
      std::count_if(prediction.answers.begin(), prediction.answers.end(), [](const auto& answer) {
        return answer.state == AnswerState::kDone || answer.state == AnswerState::kFailed;
      });
  html += facts_html({fmt::format("{} × {} pixels", prediction.width, prediction.height),
                      fmt::format("<span role=\"status\"><b>{}</b> of {} trials have looked</span>", done,
                                  prediction.answers.size())});
  html +=
      "<fieldset class=\"views\"><legend>Show</legend>"
      "<label><input type=\"radio\" name=\"view\" id=\"view-overlay\" checked> over the image</label> "
      "<label><input type=\"radio\" name=\"view\" id=\"view-colour\"> classes alone</label></fieldset>\n"
      "<div class=\"tiles wide\">\n";
  if (!prediction.type.empty()) {
    html += fmt::format(
        "<figure class=\"tile\"><img class=\"photo{}\" src=\"/predictions/{}/input\" alt=\"The image\">"
        "<figcaption>The image</figcaption></figure>\n",
        prediction.upright ? " upright" : "", prediction.id);
  }
  for (const PredictionAnswer& answer : prediction.answers) html += answer_html(prediction, answer);
  html += "</div>\n";
  const auto with_legend =
      std::find_if(prediction.answers.begin(), prediction.answers.end(),
                   [](const PredictionAnswer& answer) { return !answer.legend.empty(); });
  if (with_legend != prediction.answers.end()) html += legend_html(with_legend->legend);
  return framed({.study = study, .place = Place::kPredict, .title = name_of(prediction)}, html);
}

}  // namespace segbench::serve
