// SPDX-License-Identifier: MIT
#include "harness/study/study.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <map>
#include <set>

#include "harness/core/identity.h"
#include "harness/core/study_file.h"
#include "harness/study/claims.h"
#include "harness/study/data_section.h"
#include "harness/study/document.h"
#include "harness/study/ensembles.h"
#include "harness/study/expand.h"
#include "harness/study/fields.h"
#include "harness/study/head.h"
#include "harness/study/labels.h"
#include "harness/study/resolve.h"
#include "harness/study/search.h"
#include "harness/study/settings.h"

namespace segbench::study {
namespace {

using core::Json;

std::optional<double> read_margin(const Node& root, ProblemList& problems) {
  const Node* node = root.find("margin");
  if (node == nullptr) return std::nullopt;
  const Json value = to_json(*node);
  if (value.is_number() && value.get<double>() > 0 && std::isfinite(value.get<double>()))
    return value.get<double>();
  problems.add(node->place, found_message("margin", *node, "a number above 0"));
  return std::nullopt;
}

/// The table of this name, or an empty one; something else is reported.
const Node& table_or_none(const Node& root, const char* name, ProblemList& problems) {
  static const Node kNone;
  const Node* node = root.find(name);
  if (node == nullptr) return kNone;
  if (node->is_table()) return *node;
  problems.add(node->place, found_message(name, *node, "a table"));
  return kNone;
}

std::optional<UntilDecided> read_until(const Node& trials, const Json& values, std::size_t seeds,
                                       ProblemList& problems) {
  if (values["until"] != "decided") {
    for (const char* key : {"first_look", "look_every"}) {
      if (const Node* given = trials.find(key))
        problems.add(given->key_place, fmt::format("trials.{} needs until = \"decided\"", key));
    }
    return std::nullopt;
  }
  if (!values["first_look"].is_number() || !values["look_every"].is_number()) return std::nullopt;
  const UntilDecided until{.first_look = values["first_look"].get<std::size_t>(),
                           .look_every = values["look_every"].get<std::size_t>()};
  if (seeds > 0 && until.first_look > seeds)
    problems.add(trials.find("until")->place,
                 fmt::format("trials.until: the study is first judged with {} seeds, but has {}",
                             until.first_look, seeds));
  return until;
}

std::vector<std::uint64_t> seeds_of(const Node& trials, const Json& values, ProblemList& problems) {
  const Node* seeds = trials.find("seeds");
  if (seeds != nullptr && trials.find("count") != nullptr) {
    problems.add(trials.find("count")->key_place, "trials.seeds and trials.count exclude each other");
  }
  if (seeds == nullptr) {
    std::vector<std::uint64_t> counted(values["count"].is_null() ? 3 : values["count"].get<std::size_t>());
    for (std::size_t i = 0; i < counted.size(); ++i) counted[i] = i + 1;
    return counted;
  }
  if (values["seeds"].is_null()) return {};
  const auto list = values["seeds"].get<std::vector<std::uint64_t>>();
  if (list.empty())
    problems.add(seeds->place, found_message("trials.seeds", *seeds, "a list of at least one seed"));
  std::set<std::uint64_t> seen;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (seen.insert(list[i]).second) continue;
    problems.add(seeds->children[i].place, fmt::format("trials.seeds lists {} twice", list[i]));
  }
  return list;
}

void read_trials(Node& root, Study& study, ProblemList& problems) {
  const Node& trials = table_or_none(root, "trials", problems);
  refuse_unknown_keys(trials, "[trials]", names_of(trials_settings()), problems);
  const Json values = read_fields(trials, "trials", trials_settings(), Demand::kComplete, problems);
  study.seeds = spread_over_folds(root, seeds_of(trials, values, problems), problems);
  study.until = read_until(trials, values, study.seeds.size(), problems);
}

bool is_device(const std::string& text) {
  if (text == "auto" || text == "cpu" || text == "cuda") return true;
  return text.starts_with("cuda:") && text.size() > 5 && text.size() <= 8 &&
         std::all_of(text.begin() + 5, text.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
}

RunSettings read_run(const Node& root, ProblemList& problems) {
  const Node& run = table_or_none(root, "run", problems);
  const std::vector<core::ParamSpec> specs = core::specs_of(run_fields(), "run");
  refuse_unknown_keys(run, "[run]", names_of(specs), problems);
  const Json values = read_fields(run, "run", specs, Demand::kComplete, problems);
  RunSettings settings;
  for (const core::Field<RunSettings>& field : run_fields()) field.set(settings, values.at(field.spec.name));
  if (!is_device(settings.device)) {
    problems.add(run.find("device")->place,
                 found_message("run.device", *run.find("device"), "auto, cpu, cuda or cuda:N"));
  }
  return settings;
}

void refuse_twins(const std::vector<core::Variant>& variants, const std::vector<Draft>& drafts,
                  ProblemList& problems) {
  std::map<std::string, std::size_t> ids, labels;
  for (std::size_t i = 0; i < variants.size(); ++i) {
    const auto [twin, fresh] = ids.try_emplace(variants[i].id, i);
    if (!fresh) {
      problems.add(
          drafts[i].place,
          fmt::format("two variants are the same (id {}): {} and {}; variants must differ in more than "
                      "data.root",
                      variants[i].id, drafts[twin->second].description, drafts[i].description));
    }
    const auto [namesake, unused] = labels.try_emplace(variants[i].label, i);
    if (!unused) {
      problems.add(drafts[i].place, fmt::format("variant.label \"{}\" is used twice; labels must be unique",
                                                variants[namesake->second].label));
    }
  }
}

/// Expands and resolves; empty when anything is not sound.
std::vector<core::Variant> resolve_all(const Document& document, const std::optional<SearchTable>& search,
                                       Study& study, ProblemList& problems) {
  const std::size_t before = problems.reports();
  resolve(settings_of(document.root), Demand::kPresent, problems);
  const auto draws = search ? draw_values(*search, study.seeds.size()) : std::vector<std::vector<Node>>();
  const std::vector<Draft> drafts = expand(document, search, draws, problems);
  std::vector<core::Variant> variants;
  for (const Draft& draft : drafts) {
    problems.begin_variant(draft.description, draft.settings);
    const auto config = resolve(draft.settings, Demand::kComplete, problems);
    if (config)
      variants.push_back({.id = core::variant_id(*config), .label = {}, .axes = {}, .config = *config});
  }
  problems.end_variants();
  if (problems.reports() != before || variants.empty()) return {};
  if (search) study.search = complete_search(*search, variants, draws.size(), problems);
  name_variants(variants, drafts);
  refuse_twins(variants, drafts, problems);
  return variants;
}

/// Variants that leave out other folds are scored on other images: no pair of them could be judged at a look.
void refuse_folds_until_decided(const Node& root, const Study& study, ProblemList& problems) {
  if (!study.until) return;
  const bool has_folds = std::any_of(study.variants.begin(), study.variants.end(),
                                     [](const auto& variant) { return variant.axes.contains("data.fold"); });
  if (has_folds)
    problems.add(
        root.find("trials")->find("until")->place,
        "trials.until: an axis of data.fold and \"decided\" exclude each other; leave data.fold to the "
        "seeds");
}

}  // namespace

Study load_study(const std::filesystem::path& file, const std::vector<std::string>& overrides) {
  ProblemList problems;
  Document document = load_document(file, overrides, problems);
  Node& root = document.root;
  refuse_unknown_keys(root, "", names_of(file_settings()), problems);
  check_schema(root, problems);
  Study study{.name = read_name(root, problems),
              .question = read_question(root, problems),
              .margin = read_margin(root, problems),
              .file = file,
              .source = document.source,
              .overrides = overrides,
              .seeds = {},
              .search = {},
              .variants = {},
              .claims = {},
              .published = {},
              .run = read_run(root, problems)};
  read_trials(root, study, problems);
  const std::optional<SearchTable> search = read_search(root, study.seeds.size(), problems);
  study.variants = resolve_all(document, search, study, problems);
  if (search && study.until)
    problems.add(search->place,
                 "[search] and trials.until exclude each other: seeds are added to variants that "
                 "were chosen, not to draws");
  refuse_folds_until_decided(root, study, problems);
  add_ensembles(document, study, problems);
  study.claims = read_claims(document, study.variants, problems);
  study.published = read_published(document, study.variants, problems);
  problems.throw_if_any();
  return study;
}

}  // namespace segbench::study
