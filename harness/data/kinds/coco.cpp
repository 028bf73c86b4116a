// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <memory>

#include "harness/core/error.h"
#include "harness/data/kinds/catalogue.h"
#include "harness/data/kinds/coco_file.h"
#include "harness/data/kinds/coco_layout.h"
#include "harness/data/kinds/listing.h"

namespace segbench::data {
namespace {

namespace fs = std::filesystem;

Catalogue read_coco(const core::DataConfig& config) {
  const fs::path root = config.root;
  const std::string given = config.params.at("annotations");
  const std::vector<AnnotationFile> files =
      given.empty() ? find_annotation_files(root) : std::vector<AnnotationFile>{{given, "all", "all"}};
  if (files.empty()) {
    throw core::UserError(
        fmt::format("{}: has no annotations/instances_<split>.json, no <split>/*.json and not one "
                    "JSON file; set annotations to the file",
                    config.root),
        core::kAuditRefused);
  }
  CatalogueBuilder builder;
  AnnotationClasses classes(config);
  std::set<std::string> available;
  for (const AnnotationFile& file : files) available.insert(file.split);
  const std::set<std::string> chosen = builder.choose_splits(config, available, "the annotation files");
  auto outlines = std::make_shared<Outlines>();
  std::map<std::string, std::string> image_of;  // id to file
  for (const AnnotationFile& file : files) {
    if (!chosen.contains(file.split)) continue;
    for (CocoImage& image : read_coco_file(root, file.file, classes, builder)) {
      const std::string found = find_annotated_image(root, file, image.file_name);
      const std::string stem =
          (fs::path(image.file_name).parent_path() / fs::path(image.file_name).stem()).string();
      const std::string id = file.split == "all" ? stem : file.split + "/" + stem;
      if (found.empty()) {
        builder.refuse("missing_partner", file.file.string(),
                       fmt::format("there is no image \"{}\"", printable(image.file_name)));
      } else if (const auto [place, is_new] = image_of.emplace(id, found); place->second != found) {
        builder.refuse("ambiguous", found,
                       fmt::format("{} has the same stem \"{}\"; keep one file per stem", place->second, id));
      } else if (!builder.add(file.split, {id, found, file.file.string()})) {
        builder.warn("list", file.file.string(), {{"image", id}});
      } else {
        outlines->emplace(id, std::move(image.outlined));
      }
    }
  }
  return outlined_catalogue(config, root, std::move(builder), classes, outlines, PolygonRule::kCoco);
}

const KindRegistration coco_reader{"coco", read_coco};

}  // namespace
}  // namespace segbench::data
