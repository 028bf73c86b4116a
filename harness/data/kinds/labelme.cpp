// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/json_problem.h"
#include "harness/data/kinds/catalogue.h"
#include "harness/data/kinds/drawn_labels.h"
#include "harness/data/kinds/listing.h"

namespace segbench::data {
namespace {

namespace fs = std::filesystem;
using core::Json;

struct LabelMeImage {
  std::string image_path;
  OutlinedImage outlined;
};

/// Throws core::UserError (without a file name) for shapes that are not drawn.
std::optional<Outline> outline_of(const Json& shape, AnnotationClasses& classes) {
  const std::string type = shape.value("shape_type", "polygon");
  const auto label = classes.label_of(shape.at("label"));
  if (!label) return std::nullopt;
  Outline outline{.label = *label, .rectangle = type == "rectangle"};
  std::vector<double>& xy = outline.polygons.emplace_back();
  for (const Json& point : shape.at("points")) xy.insert(xy.end(), {point.at(0), point.at(1)});
  if (type != "polygon" && type != "rectangle") {
    throw core::UserError(
        fmt::format("a shape of type \"{}\" is not drawn; polygons and rectangles are", type));
  }
  const std::size_t corners = xy.size() / 2;
  if (outline.rectangle ? corners != 2 : corners < 3)
    throw core::UserError(fmt::format("a {} cannot have {} points", type, corners));
  return outline;
}

LabelMeImage read_file(const fs::path& file, AnnotationClasses& classes) {
  const Json json = Json::parse(core::read_file(file));
  LabelMeImage image{.image_path = json.at("imagePath"),
                     .outlined = {.height = json.at("imageHeight"), .width = json.at("imageWidth")}};
  for (const Json& shape : json.at("shapes")) {
    if (auto outline = outline_of(shape, classes)) image.outlined.objects.push_back(std::move(*outline));
  }
  return image;
}

/// The JSON files below a folder, relative to the root, in alphabetical order.
std::vector<std::string> annotation_files(const fs::path& root, const fs::path& folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (fs::recursive_directory_iterator entry(root / folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->path().extension() == ".json")
      files.push_back(entry->path().lexically_relative(root).string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// imagePath is relative to the annotation; of another machine, it is its last part.
std::string find_image(const fs::path& root, const fs::path& annotation, std::string image_path) {
  std::replace(image_path.begin(), image_path.end(), '\\', '/');
  const fs::path beside = annotation.parent_path(), name = fs::path(image_path).filename();
  for (const fs::path& tried : {beside / image_path, beside / name, fs::path("images") / name}) {
    std::error_code error;
    if (fs::is_regular_file(root / tried, error)) return tried.lexically_normal().string();
  }
  return "";
}

Catalogue read_labelme(const core::DataConfig& config) {
  const fs::path root = config.root;
  std::set<std::string> available;
  std::error_code error;
  for (fs::directory_iterator entry(root, error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (is_usual_split(name) && !annotation_files(root, name).empty()) available.insert(name);
  }
  if (available.empty() && !annotation_files(root, ".").empty()) available.insert("all");
  if (available.empty()) {
    throw core::UserError(
        fmt::format("{}: has no JSON files; set root to the folder in which LabelMe wrote them", config.root),
        core::kAuditRefused);
  }
  CatalogueBuilder builder;
  AnnotationClasses classes(config);
  auto outlines = std::make_shared<Outlines>();
  for (const std::string& split : builder.choose_splits(config, available, "the folders")) {
    for (const std::string& file : annotation_files(root, split == "all" ? "." : split)) {
      try {
        LabelMeImage read = read_file(root / file, classes);
        const std::string image = find_image(root, file, read.image_path);
        const std::string id = fs::path(file).replace_extension("").lexically_normal().string();
        if (image.empty())
          builder.refuse("missing_partner", file,
                         fmt::format("there is no image \"{}\"", printable(read.image_path)));
        else if (builder.add(split, {id, image, file}))
          outlines->emplace(id, std::move(read.outlined));
      } catch (const Json::exception& problem) {
        builder.refuse("annotation", file, "no annotation of LabelMe: " + core::json_problem(problem));
      } catch (const core::UserError& problem) {
        builder.refuse("annotation", file, problem.what());
      }
    }
  }
  return outlined_catalogue(config, root, std::move(builder), classes, outlines, PolygonRule::kPillow);
}

const KindRegistration labelme_reader{"labelme", read_labelme};

}  // namespace
}  // namespace segbench::data
