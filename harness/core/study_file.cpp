// SPDX-License-Identifier: MIT
#include "harness/core/study_file.h"

#include "harness/core/hash.h"

namespace segbench::core {

std::string sealed_form_sha256(const Json& study) {
  Json form = Json::object();
  for (const char* key : {"name", "question", "margin", "claims", "seeds"})
    form[key] = study.value(key, Json());
  // Forms of before it was known keep their hashes.
  if (study.contains("until")) form["until"] = study.at("until");
  if (study.contains("search") && study.at("search").is_object()) {
    form["search"] = study.at("search");
    form["search"].erase("record");  // what came of it
  }
  form["variants"] = Json::array();
  for (const Json& variant : study.value("variants", Json::array()))
    form["variants"].push_back({{"id", variant.value("id", "")}, {"label", variant.value("label", "")}});
  return sha256_hex(form.dump());
}

}  // namespace segbench::core
