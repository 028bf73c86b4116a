// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <span>

#include "harness/core/counts.h"
#include "harness/text/numbers.h"
#include "harness/text/utf8.h"
#include "reports/panels/kept.h"

namespace segbench::reports {
namespace {

constexpr std::size_t kOfLeader = 4, kOfClaim = 2, kOfHard = 3, kOfAll = 4;

const Kept* kept_by(const std::vector<Kept>& kept, const std::string& variant) {
  const auto found =
      std::find_if(kept.begin(), kept.end(), [&](const Kept& one) { return one.entry->id == variant; });
  return found == kept.end() ? nullptr : &*found;
}

std::string label_of(const Kept& kept) {
  return text::clean(kept.entry->label);
}

/// The images of a pair that both kept, the largest difference first.
void choose_differing(std::vector<Choice>& choices, const ImageComparison& pair,
                      const std::vector<Kept>& kept, std::size_t most) {
  const Kept* candidate = kept_by(kept, pair.candidate);
  const Kept* reference = kept_by(kept, pair.reference);
  if (candidate == nullptr || reference == nullptr) return;
  std::vector<const ImageDifference*> lines;
  for (const ImageDifference& line : pair.lines) {
    if (line.difference != 0 && position_of(candidate->predictions, line.index) &&
        position_of(reference->predictions, line.index))
      lines.push_back(&line);
  }
  std::stable_sort(lines.begin(), lines.end(), [](const ImageDifference* a, const ImageDifference* b) {
    return std::fabs(a->difference) > std::fabs(b->difference);
  });
  if (lines.size() > most) lines.resize(most);
  for (const ImageDifference* line : lines) {
    choices.push_back(
        {.group = fmt::format("Where {} and {} differ most", label_of(*candidate), label_of(*reference)),
         .note = fmt::format("{} on average over {}", text::signed_fixed(line->difference, 3),
                             text::plural(pair.trials.size() / 2, "seed")),
         .index = line->index,
         .shown = {candidate, reference}});
  }
}

/// The kept images by the best score that any variant reaches, lowest first.
void choose_hard(std::vector<Choice>& choices, const std::vector<Kept>& kept,
                 const std::set<std::int64_t>& indices, const std::string& metric) {
  struct Best {
    double score = 0;
    std::int64_t index = 0;
    const Kept* of = nullptr;
  };
  std::vector<Best> all;
  for (const std::int64_t index : indices) {
    Best best{.score = 0, .index = index, .of = nullptr};
    for (const Kept& one : kept) {
      const std::optional<double> score = score_of_image(one, index, metric);
      if (score && (best.of == nullptr || *score > best.score)) best.score = *score, best.of = &one;
    }
    if (best.of != nullptr) all.push_back(best);
  }
  std::stable_sort(all.begin(), all.end(), [](const Best& a, const Best& b) { return a.score < b.score; });
  if (all.size() > kOfHard) all.resize(kOfHard);
  for (const Best& best : all) {
    Choice choice{
        .group = "Where even the best variant scores lowest",
        .note = fmt::format("the best score is {}, of {}", text::fixed(best.score, 3), label_of(*best.of)),
        .index = best.index,
        .shown = {}};
    for (const Kept& one : kept) choice.shown.push_back(&one);
    choices.push_back(std::move(choice));
  }
}

/// Share of the valid pixels on which not all variants agree.
double disagreement(const std::vector<const Kept*>& kept, std::int64_t index,
                    std::span<const std::uint8_t> truth) {
  std::vector<std::span<const std::uint8_t>> maps;
  for (const Kept* one : kept) {
    if (const auto position = position_of(one->predictions, index))
      maps.push_back(one->predictions.label_map(*position));
  }
  std::int64_t valid = 0, different = 0;
  for (std::size_t p = 0; p < truth.size(); ++p) {
    if (truth[p] == core::kVoidLabel) continue;
    ++valid;
    different += std::any_of(maps.begin(), maps.end(), [&](const auto& map) { return map[p] != maps[0][p]; });
  }
  return valid == 0 ? 0 : static_cast<double>(different) / static_cast<double>(valid);
}

void choose_disagreeing(std::vector<Choice>& choices, const std::vector<Kept>& kept,
                        const std::set<std::int64_t>& indices, const core::DecodeCache& cache) {
  std::set<std::int64_t> shown;
  for (const Choice& choice : choices) shown.insert(choice.index);
  Choice common{.group = kept.size() > 1 ? "Where the variants disagree on most pixels" : "Predictions",
                .note = "",
                .index = 0,
                .shown = {}};
  for (const Kept& one : kept) common.shown.push_back(&one);
  std::vector<std::pair<double, std::int64_t>> all;
  for (const std::int64_t index : indices) {
    if (!shown.contains(index))
      all.emplace_back(-disagreement(common.shown, index, cache.labels(index)), index);
  }
  std::sort(all.begin(), all.end());
  if (all.size() > kOfAll) all.resize(kOfAll);
  for (const auto& [negative, index] : all) {
    common.index = index;
    choices.push_back(common);
  }
}

}  // namespace

std::vector<Choice> choose_images(const ReportModel& model, const std::vector<Kept>& kept,
                                  const core::DecodeCache& cache) {
  std::vector<Choice> choices;
  std::set<std::int64_t> indices;
  for (const Kept& one : kept) {
    for (const auto& sample : one.predictions.samples) indices.insert(sample.index);
  }
  for (std::size_t i = 0; i < model.by_image.size(); ++i)
    choose_differing(choices, model.by_image[i], kept, i == 0 ? kOfLeader : kOfClaim);
  if (kept.size() > 1) choose_hard(choices, kept, indices, conclusions::image_metric(model));
  choose_disagreeing(choices, kept, indices, cache);
  return choices;
}

}  // namespace segbench::reports
