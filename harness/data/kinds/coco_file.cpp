// SPDX-License-Identifier: MIT
#include "harness/data/kinds/coco_file.h"

#include <fmt/format.h>

#include <fstream>
#include <unordered_map>

#include "harness/core/error.h"
#include "harness/core/json_problem.h"
#include "harness/data/kinds/listing.h"

namespace segbench::data {
namespace {

using core::Json;

struct Entry {
  std::int64_t image = 0, category = 0;
  Outline outline;
};

/// "counts" as a list of numbers or compressed.
CocoRuns runs_of(const Json& json) {
  CocoRuns runs{.height = json.at("size").at(0), .width = json.at("size").at(1), .counts = {}};
  const Json& counts = json.at("counts");
  runs.counts =
      counts.is_string() ? coco_counts(counts.get<std::string>()) : counts.get<std::vector<std::uint32_t>>();
  return runs;
}

Entry entry_of(const Json& json) {
  Entry entry{.image = json.at("image_id"), .category = json.at("category_id"), .outline = {}};
  const Json segmentation = json.value("segmentation", Json::array());
  if (segmentation.empty())
    throw core::UserError(
        "it has no outline (segmentation), and a box does not say which pixels are the object's");
  if (segmentation.is_object()) {
    entry.outline.runs.push_back(runs_of(segmentation));
    return entry;
  }
  for (const Json& polygon : segmentation) {
    auto xy = polygon.get<std::vector<double>>();
    if (xy.size() < 6 || xy.size() % 2 != 0)
      throw core::UserError(
          fmt::format("a polygon needs at least three corners, but lists {} numbers", xy.size()));
    entry.outline.polygons.push_back(std::move(xy));
  }
  return entry;
}

/// Takes a file apart while it is parsed: images and categories stay, objects are kept in their short form.
class CocoParser {
 public:
  CocoParser(std::string file, CatalogueBuilder& builder) : file_(std::move(file)), builder_(builder) {}

  Json parse(std::istream& in) {
    return Json::parse(in, [this](int depth, Json::parse_event_t event, Json& value) {
      if (event == Json::parse_event_t::key && depth == 1) section_ = value.get<std::string>();
      if (event != Json::parse_event_t::object_end || depth != 2 || section_ != "annotations") return true;
      take(value);
      return false;
    });
  }
  std::vector<Entry>& entries() { return entries_; }

 private:
  void take(const Json& value) {
    try {
      entries_.push_back(entry_of(value));
    } catch (const Json::exception& error) {
      refuse(value, core::json_problem(error));
    } catch (const core::UserError& error) {
      refuse(value, error.what());
    }
  }
  void refuse(const Json& value, const std::string& why) {
    const Json id = value.value("id", Json());
    builder_.refuse("annotation", file_, fmt::format("annotation {}: {}", id.dump(), why));
  }

  std::string file_, section_;
  CatalogueBuilder& builder_;
  std::vector<Entry> entries_;
};

}  // namespace

std::vector<CocoImage> read_coco_file(const std::filesystem::path& root, const std::filesystem::path& file,
                                      AnnotationClasses& classes, CatalogueBuilder& builder) try {
  std::ifstream in(root / file, std::ios::binary);
  if (!in)
    throw core::UserError(fmt::format("{}: cannot be read", (root / file).string()), core::kAuditRefused);
  CocoParser parser(file.string(), builder);
  const Json json = parser.parse(in);
  const auto refuse_twins = [&](const char* what, std::int64_t id, const std::string& a,
                                const std::string& b) {
    builder.refuse("annotation", file.string(),
                   fmt::format("two {} have the id {}: \"{}\" and \"{}\"; give each an id of its own", what,
                               id, printable(a), printable(b)));
  };
  std::map<std::int64_t, std::string> categories;
  for (const Json& category : json.at("categories")) {
    const std::string name = category.at("name");
    const auto [place, is_new] = categories.emplace(category.at("id"), name);
    if (!is_new && place->second != name) refuse_twins("categories", place->first, place->second, name);
  }
  std::vector<CocoImage> images;
  std::unordered_map<std::int64_t, std::size_t> index;
  std::map<std::string, std::size_t> by_name;  // an image that is listed twice has the objects of both
  for (const Json& image : json.at("images")) {
    const std::string name = image.at("file_name");
    const auto [named, is_new_name] = by_name.emplace(name, images.size());
    const auto [place, is_new] = index.emplace(image.at("id"), named->second);
    if (!is_new && place->second != named->second)
      refuse_twins("images", place->first, images[place->second].file_name, name);
    if (is_new_name)
      images.push_back({name, {.height = image.at("height"), .width = image.at("width")}});
    else
      builder.warn("list", file.string(), {{"image", printable(name)}});
  }
  for (Entry& entry : parser.entries()) {
    const auto image = index.find(entry.image);
    const auto category = categories.find(entry.category);
    if (image == index.end() || category == categories.end()) {
      builder.refuse("annotation", file.string(),
                     fmt::format("an annotation is of {} {}, which the file does not list",
                                 image == index.end() ? "image" : "category",
                                 image == index.end() ? entry.image : entry.category));
      continue;
    }
    const auto label = classes.label_of(category->second);
    if (!label) continue;
    entry.outline.label = *label;
    images[image->second].outlined.objects.push_back(std::move(entry.outline));
  }
  return images;
} catch (const Json::exception& error) {
  throw core::UserError(
      fmt::format("{}: no annotation file of COCO: {}", (root / file).string(), core::json_problem(error)),
      core::kAuditRefused);
}

}  // namespace segbench::data
