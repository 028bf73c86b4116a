// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>

#include "harness/core/predictions.h"
#include "harness/text/utf8.h"
#include "reports/panels/kept.h"

namespace segbench::reports {
namespace {

/// At most kMaxFrames, evenly spaced, the last one among them.
std::vector<std::filesystem::path> shown_frames(const std::vector<std::filesystem::path>& film) {
  std::vector<std::filesystem::path> shown;
  const std::size_t count = std::min(film.size(), kMaxFrames);
  for (std::size_t i = 1; i <= count; ++i) shown.push_back(film[i * film.size() / count - 1]);
  return shown;
}

}  // namespace

std::optional<std::pair<Panel, PanelPixels>> film_strip(const Entry& entry,
                                                        const std::filesystem::path& folder,
                                                        const core::DecodeCache& cache,
                                                        const core::PixelRange& range) {
  std::optional<std::pair<Panel, PanelPixels>> strip;
  for (const std::filesystem::path& file : shown_frames(core::film_of(folder))) {
    const core::Predictions frame = core::read_predictions(file);
    if (!fits(frame, cache) || frame.samples.size() != 1) continue;
    const std::int64_t index = frame.samples[0].index;
    if (!strip) {
      strip.emplace(
          Panel{.group = "What trials predicted after each epoch",
                .index = index,
                .id = fmt::format("{} after each epoch: {}", text::clean(entry.label), frame.samples[0].id),
                .disagreement = 0,
                .note = "",
                .tiles = {}},
          pixels_of(cache, range, index));
    }
    const auto predicted = frame.label_map(0);
    strip->second.predictions.emplace_back(predicted.begin(), predicted.end());
    strip->first.tiles.push_back(
        {.variant = entry.id, .trial = entry.shown_trial, .score = std::nullopt, .epoch = frame.epoch});
  }
  if (strip) {
    PanelPixels last = strip->second;
    last.predictions = {last.predictions.back()};
    strip->first.disagreement = disagreement_of(last);
  }
  return strip;
}

}  // namespace segbench::reports
