// SPDX-License-Identifier: MIT
#include "harness/core/looks.h"

#include <algorithm>

#include "harness/core/hash.h"

namespace segbench::core {
namespace {

/// A list of an object, in its place; studies hold thousands of variants.
const Json& list_in(const Json& object, const char* key) {
  static const Json kNoList = Json::array();
  const auto found = object.find(key);
  return found == object.end() ? kNoList : *found;
}

std::size_t number_of_seeds(const Json& study) {
  return list_in(study, "seeds").size();
}

/// The looks that were taken under the study's present rule.
std::vector<Json> looks_of(const Json& study) {
  std::vector<Json> looks;
  const Json& taken = list_in(study, "looks");
  if (taken.empty()) return looks;
  const std::string rule = rule_sha256(study);
  std::copy_if(taken.begin(), taken.end(), std::back_inserter(looks),
               [&](const Json& look) { return look.value("rule", "") == rule; });
  return looks;
}

}  // namespace

bool is_sequential(const Json& study) {
  return study.value("until", Json()).is_object();
}

std::vector<std::size_t> planned_looks(const Json& study) {
  std::vector<std::size_t> looks;
  if (!is_sequential(study)) return looks;
  const Json& until = study.at("until");
  const std::size_t most = number_of_seeds(study);
  const auto every = std::max<std::size_t>(until.value("look_every", std::size_t{1}), 1);
  for (std::size_t seeds = until.value("first_look", std::size_t{3}); seeds < most; seeds += every)
    looks.push_back(seeds);
  looks.push_back(most);
  return looks;
}

std::map<std::string, std::size_t> wanted_seeds(const Json& study) {
  std::map<std::string, std::size_t> wanted;
  const std::vector<std::size_t> planned = planned_looks(study);
  const std::vector<Json> taken = looks_of(study);
  const bool is_over = !taken.empty() && taken.back().value("decided", false);
  const std::size_t next = planned.empty()                 ? number_of_seeds(study)
                           : taken.size() < planned.size() ? planned[taken.size()]
                                                           : planned.back();
  const Json& variants = list_in(study, "variants");
  for (const Json& variant : variants)
    wanted[variant.value("id", "")] = is_over ? taken.back().value("seeds", next) : next;
  for (const Json& look : taken) {
    for (const Json& dropped : list_in(look, "dropped"))
      wanted[dropped.value("variant", "")] = look.value("seeds", next);
  }
  for (const Json& variant : variants) {
    const std::size_t seeds = wanted.at(variant.value("id", ""));
    const auto config = variant.find("config");
    if (config == variant.end()) continue;
    for (const Json& member : list_in(*config, "ensemble")) {
      const auto found = wanted.find(member.get<std::string>());
      if (found != wanted.end()) found->second = std::max(found->second, seeds);
    }
  }
  return wanted;
}

std::string rule_sha256(const Json& study) {
  Json form = Json::object();
  for (const char* key : {"margin", "seeds", "until"}) form[key] = study.value(key, Json());
  form["variants"] = Json::array();
  for (const Json& variant : list_in(study, "variants")) form["variants"].push_back(variant.value("id", ""));
  return sha256_hex(form.dump());
}

}  // namespace segbench::core
