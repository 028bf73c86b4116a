// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <memory>

#include "harness/core/counts.h"
#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/json_problem.h"
#include "harness/data/codecs/image_file.h"
#include "harness/data/codecs/signature.h"
#include "harness/data/kinds/catalogue.h"
#include "harness/data/kinds/drawn_labels.h"
#include "harness/data/kinds/labelme_files.h"
#include "harness/data/kinds/labelme_shape.h"
#include "harness/data/kinds/listing.h"

namespace segbench::data {
namespace {

namespace fs = std::filesystem;
using core::Json;

/// {height, width} of the annotation, which old versions leave out, else of the image.
std::array<std::int64_t, 2> size_of(const Json& json, const fs::path& image) {
  const Json height = json.value("imageHeight", Json()), width = json.value("imageWidth", Json());
  if (!height.is_null() && !width.is_null()) return {height, width};
  const Signature signature = examine(read_sample_file(image));
  return {signature.height, signature.width};
}

OutlinedImage outlined(const Json& json, const fs::path& image, AnnotationClasses& classes) {
  const auto [height, width] = size_of(json, image);
  check_stated_size(height, width);
  OutlinedImage made{.height = height, .width = width};
  for (const Json& shape : json.at("shapes")) {
    const std::string name = shape.at("label");
    const auto label = name == kLabelMeIgnored ? core::kVoidLabel : classes.label_of(name);
    Outline outline = labelme_outline(shape, height, width);
    if (!label) continue;
    outline.label = *label;
    made.objects.push_back(std::move(outline));
  }
  return made;
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

/// The folders right below the root that hold annotations.
std::set<std::string> annotated_folders(const fs::path& root) {
  std::set<std::string> folders;
  std::error_code error;
  for (fs::directory_iterator entry(root, error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    std::error_code unreadable;
    if (!is_clutter(name) && entry->is_directory(unreadable) && !labelme_files(root, name).empty())
      folders.insert(name);
  }
  return folders;
}

Catalogue read_labelme(const core::DataConfig& config) {
  const fs::path root = config.root;
  std::set<std::string> available = annotated_folders(root);
  if (std::none_of(available.begin(), available.end(), is_usual_split)) available.clear();
  if (available.empty() && !labelme_files(root, ".").empty()) available.insert("all");
  if (available.empty()) {
    throw core::UserError(
        fmt::format("{}: has no JSON files; set root to the folder in which LabelMe wrote them", config.root),
        core::kAuditRefused);
  }
  CatalogueBuilder builder;
  AnnotationClasses classes(config);
  auto outlines = std::make_shared<Outlines>();
  const std::set<std::string> chosen = builder.choose_splits(config, available, "the folders");
  std::vector<std::string> unused;
  std::set_difference(available.begin(), available.end(), chosen.begin(), chosen.end(),
                      std::back_inserter(unused));
  for (std::string& name : unused) name = printable(name);
  if (!unused.empty()) builder.warn("unused_folders", "", {{"names", some_of(unused)}});
  for (const std::string& split : chosen) {
    for (const std::string& file : labelme_files(root, split == "all" ? "." : split)) {
      try {
        const Json json = Json::parse(core::read_file(root / file));
        const std::string image_path = json.at("imagePath"), image = find_image(root, file, image_path);
        const std::string id = fs::path(file).replace_extension("").lexically_normal().string();
        if (image.empty()) {
          builder.refuse("missing_partner", file,
                         fmt::format("there is no image \"{}\"", printable(image_path)));
          continue;
        }
        OutlinedImage read = outlined(json, root / image, classes);
        if (builder.add(split, {id, image, file})) outlines->emplace(id, std::move(read));
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
