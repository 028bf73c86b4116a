// SPDX-License-Identifier: MIT
#include "harness/study/ensembles.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "harness/core/ensemble.h"
#include "harness/core/identity.h"
#include "harness/core/text.h"
#include "harness/study/fields.h"
#include "harness/study/settings.h"

namespace segbench::study {
namespace {

using core::Json;
using Variants = std::vector<core::Variant>;

std::vector<std::string> labels_of(const Variants& variants) {
  std::vector<std::string> labels;
  for (const core::Variant& variant : variants) labels.push_back(variant.label);
  return labels;
}

/// The variants of these labels, at least `least`; empty after reporting what is wrong with them.
std::vector<const core::Variant*> members_of(const Node& table, const Json& labels, std::size_t least,
                                             const Variants& trained, ProblemList& problems) {
  const Node* written = table.find("variants");
  if (written == nullptr || !labels.is_array()) return {};
  std::vector<const core::Variant*> members;
  std::set<std::string> seen;
  const std::vector<std::string> known = labels_of(trained);
  for (const std::string label : labels) {
    const auto found = std::find_if(trained.begin(), trained.end(),
                                    [&](const core::Variant& variant) { return variant.label == label; });
    if (found == trained.end()) {
      problems.add(written->place,
                   fmt::format("ensemble.variants: no variant is called \"{}\"; variants: {}{}", label,
                               fmt::join(known, ", "), core::did_you_mean(label, known)));
      return {};
    }
    if (!seen.insert(label).second) {
      problems.add(written->place, fmt::format("ensemble.variants lists \"{}\" twice", label));
      return {};
    }
    members.push_back(&*found);
  }
  if (members.size() < least) {
    problems.add(written->place, fmt::format("ensemble.variants has {} {}, but needs at least {}",
                                             members.size(), members.size() == 1 ? "member" : "members",
                                             least == 1 ? "one" : "two (or `seeds`)"));
    return {};
  }
  return members;
}

/// What members must have alike, as one value each.
Json shared_by_members(const core::VariantConfig& config) {
  const Json json = core::to_json(config);
  return {{"data", json.at("data")},
          {"evaluation", json.value("evaluation", Json::object())},
          {"head of the loss",
           core::traits_of(core::PartKind::kLoss, config.training.loss).value("head", "softmax")}};
}

bool agree(const std::vector<const core::Variant*>& members, const Place& place, ProblemList& problems) {
  const Json first = shared_by_members(members.front()->config);
  for (const core::Variant* member : members) {
    const Json other = shared_by_members(member->config);
    for (const auto& [what, value] : first.items()) {
      if (other.at(what) == value) continue;
      problems.add(place,
                   fmt::format("ensemble.variants: {} and {} differ in {}, which members must have alike",
                               members.front()->label, member->label, what));
      return false;
    }
  }
  return true;
}

/// Whether the study has the seeds that an ensemble over seeds takes, and means them as repetitions.
bool has_seeds(const Node& table, const core::VariantConfig& ensemble, const Study& study,
               ProblemList& problems) {
  if (ensemble.ensemble_seeds < 2) return true;
  const Place& place = table.find("seeds")->place;
  if (core::folds_by_seed(ensemble.data)) {
    problems.add(place,
                 "ensemble.seeds: each seed leaves out another fold, so members would have been trained on "
                 "the images that the ensemble is scored on");
  } else if (study.until) {
    problems.add(place, "ensemble.seeds and trials.until exclude each other: seeds are added one by one");
  } else if (core::seeds_of(ensemble.ensemble_seeds, study.seeds).empty()) {
    problems.add(place,
                 fmt::format("ensemble.seeds is {}, but the study has no {} seeds in a row; its "
                             "seeds: {} (trials.seeds)",
                             ensemble.ensemble_seeds, ensemble.ensemble_seeds, fmt::join(study.seeds, ", ")));
  } else {
    return true;
  }
  return false;
}

/// The members' configuration with the ids of all.
core::VariantConfig config_of(const std::vector<const core::Variant*>& members, const Json& seeds) {
  std::vector<std::string> ids;
  for (const core::Variant* member : members) ids.push_back(member->id);
  std::sort(ids.begin(), ids.end());
  core::VariantConfig config = (*std::find_if(members.begin(), members.end(), [&](const auto* member) {
                                 return member->id == ids.front();
                               }))->config;
  config.ensemble = std::move(ids);
  if (seeds.is_number()) config.ensemble_seeds = seeds.get<std::int64_t>();
  return config;
}

}  // namespace

void add_ensembles(const Document& document, Study& study, ProblemList& problems) {
  Variants& variants = study.variants;
  const Node* list = document.root.find("ensemble");
  if (list == nullptr || variants.empty()) return;
  const auto is_table = [](const Node& item) { return item.is_table(); };
  if (!list->is_array() || !std::all_of(list->children.begin(), list->children.end(), is_table)) {
    problems.add(list->place,
                 found_message("ensemble", *list, "a list of tables, each under a header [[ensemble]]"));
    return;
  }
  const Variants trained = variants;
  for (const Node& table : list->children) {
    refuse_unknown_keys(table, "[[ensemble]]", names_of(ensemble_settings()), problems);
    const Json values = read_fields(table, "ensemble", ensemble_settings(), Demand::kComplete, problems);
    const Json& seeds = values.at("seeds");
    const auto members =
        members_of(table, values.at("variants"), seeds.is_number() ? 1 : 2, trained, problems);
    if (members.empty() || !values.at("label").is_string() || !agree(members, table.place, problems))
      continue;
    core::Variant ensemble{.id = {}, .label = values.at("label"), .config = config_of(members, seeds)};
    if (!has_seeds(table, ensemble.config, study, problems)) continue;
    ensemble.id = core::variant_id(ensemble.config);
    for (const core::Variant& other : variants) {
      if (other.id == ensemble.id)
        problems.add(table.place,
                     fmt::format("two ensembles are the same: {} and {}", other.label, ensemble.label));
      else if (other.label == ensemble.label)
        problems.add(table.place,
                     fmt::format("ensemble.label \"{}\" is used twice; labels must be unique", other.label));
    }
    variants.push_back(std::move(ensemble));
  }
}

}  // namespace segbench::study
