// SPDX-License-Identifier: MIT
#include "harness/study/claims.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "harness/study/claim_images.h"
#include "harness/study/fields.h"
#include "harness/study/selector.h"
#include "harness/study/settings.h"

namespace segbench::study {
namespace {

using core::Json;

/// Fills in "<name>", "<name>_id" and "<name>_label" of the variant that a selector chooses. False when there
/// is none.
bool add_variant(const Node& table, const std::string& list, const std::string& name,
                 const SelectorContext& context, Json& into) {
  const core::Variant* variant = select_variant(table, list, name, context);
  if (variant == nullptr) return false;
  into[name] = to_json(*table.find(name));
  into[name + "_id"] = variant->id;
  into[name + "_label"] = variant->label;
  return true;
}

bool is_claim_sound(const Node& table, const Json& claim, ProblemList& problems) {
  const auto given = [&](const char* key) { return table.find(key) != nullptr; };
  const bool compares_scores = given("not_worse_by") || given("better_by") || given("equivalent_within");
  if (!compares_scores && !given("faster_by") && !given("smaller_by")) {
    problems.add(table.place,
                 "claim: nothing is claimed; set at least one of not_worse_by, better_by, equivalent_within, "
                 "faster_by, smaller_by");
    return false;
  }
  if (given("measure") && !given("faster_by")) {
    problems.add(table.find("measure")->key_place,
                 "claim.measure says what faster_by is about, which is not set");
    return false;
  }
  if (given("metric") && given("class")) {
    problems.add(table.place, "claim: metric and class exclude each other; of a class the IoU is compared");
    return false;
  }
  if (compares_scores && claim["metric"].is_null() && !given("metric") && !given("class")) {
    problems.add(table.place, fmt::format("claim.metric is missing; it must be {}",
                                          core::describe_allowed(claim_settings().front())));
    return false;
  }
  return true;
}

/// A claim about classes but the background needs data that have one.
void check_metric(const Node& table, const Json& claim, const std::vector<core::Variant>& variants,
                  ProblemList& problems) {
  if (!claim["metric"].is_string()) return;
  for (const core::Variant& variant : variants) {
    if (variant.id != claim["candidate_id"] && variant.id != claim["reference_id"]) continue;
    const std::string problem =
        core::metric_problem(claim["metric"].get<std::string>(), variant.config.data.background);
    if (problem.empty()) continue;
    problems.add(table.find("metric")->place, "claim.metric: " + problem);
    return;
  }
}

/// The variants that may explain a difference: [{"variant", "variant_id", "variant_label"}, …].
void add_explanations(const Node& table, const SelectorContext& context, Json& into) {
  const Node* written = table.find("explained_by");
  if (written == nullptr) return;
  if (!written->is_array()) {
    context.problems.add(written->place,
                         found_message("published.explained_by", *written, "a list of labels or tables"));
    return;
  }
  into["explained_by"] = Json::array();
  for (const Node& selector : written->children) {
    const core::Variant* variant = select_variant(selector, "published.explained_by", context);
    if (variant == nullptr) continue;
    if (variant->id == into["variant_id"]) {
      context.problems.add(selector.place,
                           "published.explained_by: the variant that the number is about explains nothing");
      continue;
    }
    into["explained_by"].push_back(
        {{"variant", to_json(selector)}, {"variant_id", variant->id}, {"variant_label", variant->label}});
  }
}

template <typename ReadOne>
Json read_tables(const Document& document, const char* name, ProblemList& problems, ReadOne read_one) {
  Json entries = Json::array();
  const Node* list = document.root.find(name);
  if (list == nullptr) return entries;
  if (!list->is_array()) {
    problems.add(
        list->place,
        found_message(name, *list, fmt::format("a list of tables, each under a header [[{}]]", name)));
    return entries;
  }
  for (const Node& table : list->children) {
    if (table.is_table()) {
      read_one(table, entries);
    } else {
      problems.add(table.place, found_message(name, table, "a table"));
    }
  }
  return entries;
}

}  // namespace

Json read_claims(const Document& document, const std::vector<core::Variant>& variants,
                 ProblemList& problems) {
  const SelectorContext context(document, variants, problems);
  return read_tables(document, "claim", problems, [&](const Node& table, Json& claims) {
    refuse_unknown_keys(table, "[[claim]]", names_of(claim_settings(), names_of(claim_selectors())),
                        problems);
    Json claim = read_fields(table, "claim", claim_settings(), Demand::kComplete, problems);
    is_claim_sound(table, claim, problems);
    read_claim_images(table, claim, problems);
    if (claim["measure"].is_null()) claim.erase("measure");
    const bool candidate = add_variant(table, "claim", "candidate", context, claim);
    const bool reference = add_variant(table, "claim", "reference", context, claim);
    if (!candidate || !reference) return;
    if (claim["candidate_id"] == claim["reference_id"]) {
      problems.add(table.place, fmt::format("claim: candidate and reference are the same variant, {}",
                                            claim["candidate_label"].get<std::string>()));
    }
    check_metric(table, claim, variants, problems);
    claims.push_back(std::move(claim));
  });
}

Json read_published(const Document& document, const std::vector<core::Variant>& variants,
                    ProblemList& problems) {
  const SelectorContext context(document, variants, problems);
  return read_tables(document, "published", problems, [&](const Node& table, Json& published) {
    refuse_unknown_keys(table, "[[published]]",
                        names_of(published_settings(), names_of(published_selectors())), problems);
    Json entry = read_fields(table, "published", published_settings(), Demand::kComplete, problems);
    for (const char* key : {"convention", "best_of", "mean_of"}) {
      if (entry[key].is_null()) entry.erase(key);
    }
    if (entry.contains("best_of") && entry.contains("mean_of"))
      problems.add(table.place, "published: best_of and mean_of exclude each other");
    if (!add_variant(table, "published", "variant", context, entry)) return;
    add_explanations(table, context, entry);
    published.push_back(std::move(entry));
  });
}

}  // namespace segbench::study
