// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <regex>

#include "harness/core/files.h"
#include "harness/study/search.h"
#include "tests/study/load.h"

// experiments/README.md says which key of which file states a sentence of the five studies.

namespace segbench::study {
namespace {

namespace fs = std::filesystem;
using core::Json;

const fs::path kExperiments = fs::path(SEGBENCH_SOURCE_DIR) / "experiments";

struct MapRow {
  std::string says, file, keys;
};

std::vector<MapRow> map_rows() {
  std::vector<MapRow> rows;
  std::istringstream text(core::read_file(kExperiments / "README.md"));
  const std::regex row(R"(\| (.*) \| `(.*\.toml)` \| (.*) \|)");
  std::smatch found;
  for (std::string line; std::getline(text, line);)
    if (std::regex_match(line, found, row)) rows.push_back({found[1], found[2], found[3]});
  return rows;
}

/// All that a file says: {"data": …, "model": …, "training": …, "trials": …, "claim": …, "published": …},
/// once for each variant, claim and published number.
std::vector<Json> statements(const Study& study) {
  std::vector<Json> all;
  for (const core::Variant& variant : study.variants) all.push_back(to_json(variant.config));
  all.push_back({{"trials", {{"seeds", study.seeds}}}});
  if (study.search) all.push_back({{"search", to_json(*study.search)}});
  for (const Json& claim : study.claims) all.push_back({{"claim", claim}});
  for (const Json& number : study.published) all.push_back({{"published", number}});
  return all;
}

/// The value at `a.b.c`, or null.
Json value_at(Json json, const std::string& key) {
  std::istringstream path(key);
  for (std::string name; std::getline(path, name, '.');) {
    if (!json.is_object() || !json.contains(name)) return nullptr;
    json = Json(json.at(name));
  }
  return json;
}

/// Whether a stored value is the one that the map gives, in which a part with any parameters is its name.
bool agrees(const Json& stored, const Json& given) {
  if (stored == given) return true;
  if (stored.is_object()) return given.is_string() && stored.value("name", Json()) == given;
  return stored.is_array() && given.is_array() && std::ranges::equal(stored, given, agrees);
}

TEST(ExperimentsMap, HoldsAgainstTheFiles) {
  const std::vector<MapRow> rows = map_rows();
  EXPECT_GE(rows.size(), 20U);
  const std::regex entry(R"(`([a-z_.]+) = ([^`]*)`)");
  for (const MapRow& row : rows) {
    SCOPED_TRACE(row.file + ": " + row.says);
    const std::vector<Json> said = statements(load_experiment(kExperiments / row.file).value());
    std::size_t entries = 0;
    for (std::sregex_iterator it(row.keys.begin(), row.keys.end(), entry), end; it != end; ++it, ++entries) {
      const std::string key = (*it)[1];
      const Json value = Json::parse((*it)[2].str());
      EXPECT_TRUE(
          std::ranges::any_of(said, [&](const Json& json) { return agrees(value_at(json, key), value); }))
          << key << " is nowhere " << value;
    }
    EXPECT_EQ(entries, static_cast<std::size_t>(std::ranges::count(row.keys, '`')) / 2) << row.keys;
  }
}

TEST(ExperimentsMap, NamesEveryFile) {
  const std::string text = core::read_file(kExperiments / "README.md");
  for (const auto& file : fs::directory_iterator(kExperiments)) {
    if (file.path().extension() != ".toml") continue;
    EXPECT_THAT(text, testing::HasSubstr(file.path().stem().string())) << file.path();
  }
}

}  // namespace
}  // namespace segbench::study
