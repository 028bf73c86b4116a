// SPDX-License-Identifier: MIT
#include "harness/study/claim_images.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "harness/core/files.h"
#include "harness/core/measures.h"
#include "harness/core/text.h"
#include "harness/study/data_section.h"

namespace segbench::study {
namespace {

using core::Json;

constexpr const char* kKeys[] = {"images", "images_like", "images_showing", "images_covered"};

/// The ids of a file, one on each line.
Json ids_in(const std::filesystem::path& file) {
  std::set<std::string> ids;
  for (const std::string& line : core::split(core::read_file(file), '\n')) {
    const std::string id(core::trim(line));
    if (!id.empty() && id[0] != '#') ids.insert(id);
  }
  return Json(ids);
}

void read_ids(const Node& written, Json& claim, ProblemList& problems) {
  if (written.is_string()) {
    const std::string path = resolve_path(written, "claim.images", problems);
    if (path.empty() || !std::filesystem::is_regular_file(path)) {
      problems.add(written.place, fmt::format("claim.images: {}: there is no such file", path));
      return;
    }
    claim["images"] = ids_in(path);
  }
  if (claim["images"].empty()) problems.add(written.place, "claim.images names no image");
}

void check_shares(const Node& written, const Json& shares, ProblemList& problems) {
  const bool fine = shares.size() == 2 && shares[0] <= shares[1];
  if (!fine)
    problems.add(written.place, found_message("claim.images_covered", written,
                                              "two fractions, the smaller one first, such as [0, 0.05]"));
}

/// Of some images only what follows from counts can be said.
void check_measure(const Node& table, const Json& claim, ProblemList& problems) {
  const Json metric = claim.value("metric", Json());
  if (metric.is_null()) return;
  const core::Measure* measure = core::find_measure(metric.get<std::string>());
  if (measure != nullptr && measure->origin == core::Origin::kCounts && measure->key != "loss") return;
  problems.add(table.find("metric")->place,
               fmt::format("claim.metric: {} is not known of some images alone; use a score of counts, such "
                           "as miou, or a class",
                           metric.get<std::string>()));
}

}  // namespace

void read_claim_images(const Node& table, Json& claim, ProblemList& problems) {
  bool any = false;
  for (const char* key : kKeys) {
    if (claim[key].is_null() || table.find(key) == nullptr)
      claim.erase(key);
    else
      any = true;
  }
  if (!any) return;
  if (claim.contains("images")) read_ids(*table.find("images"), claim, problems);
  if (claim.contains("images_covered"))
    check_shares(*table.find("images_covered"), claim["images_covered"], problems);
  const auto is_given = [&](const char* key) { return table.find(key) != nullptr; };
  if (!is_given("not_worse_by") && !is_given("better_by") && !is_given("equivalent_within"))
    problems.add(table.place,
                 "claim: images are chosen, but no score is claimed (not_worse_by, better_by or "
                 "equivalent_within)");
  check_measure(table, claim, problems);
}

}  // namespace segbench::study
