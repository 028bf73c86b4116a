// SPDX-License-Identifier: MIT
#include "reports/panels/panels.h"

#include <fmt/format.h>

#include <set>

#include "harness/core/error.h"
#include "harness/text/utf8.h"
#include "reports/panels/kept.h"

namespace segbench::reports {
namespace {

/// Colours of the classes, unless two share one.
std::vector<std::string> colours_of(const core::CacheManifest& manifest) {
  std::vector<std::string> colours;
  for (const core::ClassInfo& info : manifest.classes)
    colours.push_back(fmt::format("#{:02x}{:02x}{:02x}", info.colour[0], info.colour[1], info.colour[2]));
  const std::set<std::string> distinct(colours.begin(), colours.end());
  return distinct.size() < colours.size() ? std::vector<std::string>{} : colours;
}

}  // namespace

std::vector<PanelPixels> add_panels(ReportModel& model, const store::Store& store,
                                    const std::filesystem::path& runs) {
  std::vector<std::string> notes;
  core::PixelRange range;
  const std::unique_ptr<core::DecodeCache> cache = open_cache(model, runs, range, notes);
  if (cache == nullptr) {
    model.panels_note =
        model.complete == 0 ? "No trial is complete yet." : "The decoded images are no longer there.";
    return {};
  }
  const core::CacheManifest& manifest = cache->manifest();
  model.measurement.class_colours = colours_of(manifest);
  std::vector<PanelPixels> all;
  const std::vector<Kept> kept = read_kept(model, store, runs, *cache, notes);
  for (const Choice& choice : choose_images(model, kept, *cache)) {
    PanelPixels pixels = pixels_of(*cache, range, choice.index);
    Panel panel{.group = choice.group,
                .index = choice.index,
                .id = manifest.samples[static_cast<std::size_t>(choice.index)].id,
                .disagreement = 0,
                .note = choice.note,
                .tiles = {}};
    for (const Kept* trial : choice.shown) {
      const std::optional<std::size_t> position = position_of(trial->predictions, choice.index);
      if (!position) continue;
      const auto predicted = trial->predictions.label_map(*position);
      pixels.predictions.emplace_back(predicted.begin(), predicted.end());
      panel.tiles.push_back(
          {.variant = trial->entry->id,
           .trial = trial->entry->shown_trial,
           .score = score_of_image(*trial, choice.index, conclusions::image_metric(model))});
    }
    panel.disagreement = disagreement_of(pixels);
    model.panels.push_back(std::move(panel));
    all.push_back(std::move(pixels));
  }
  for (const Entry& entry : model.leaderboard) {
    const TrialLine* line = line_of(model, entry.shown_trial);
    if (line == nullptr) continue;
    try {
      auto strip = film_strip(entry, runs / line->folder, *cache, range);
      if (!strip) continue;
      model.panels.push_back(std::move(strip->first));
      all.push_back(std::move(strip->second));
    } catch (const core::UserError&) {
      notes.push_back(fmt::format("The film of {} cannot be read.", text::clean(entry.label)));
    }
  }
  if (all.empty() && notes.empty()) notes.push_back("The trials kept no predictions.");
  for (const std::string& note : notes) model.panels_note += (model.panels_note.empty() ? "" : " ") + note;
  return all;
}

}  // namespace segbench::reports
