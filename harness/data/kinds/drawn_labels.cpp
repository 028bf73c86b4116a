// SPDX-License-Identifier: MIT
#include "harness/data/kinds/drawn_labels.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/core/background.h"
#include "harness/core/counts.h"
#include "harness/core/error.h"
#include "harness/data/codecs/colour_text.h"
#include "harness/data/codecs/pillow_polygon.h"
#include "harness/data/codecs/pillow_shapes.h"
#include "harness/data/codecs/signature.h"
#include "harness/data/kinds/listing.h"

namespace segbench::data {
namespace {

constexpr double kPointRadius = 5;  // labelme.utils.shape_to_mask: point_size
constexpr int kLineWidth = 10;      // the same: line_width

/// A mask that is drawn into.
struct Canvas {
  std::int64_t height = 0, width = 0;
  std::vector<std::uint8_t>& inside;
};

void add_figure(Figure figure, const std::vector<double>& xy, PolygonRule rule, const Canvas& on) {
  switch (figure) {
    case Figure::kRectangle:
      return fill_rectangle(xy, on.height, on.width, on.inside);
    case Figure::kCircle:
      return fill_circle(xy[0], xy[1], std::hypot(xy[0] - xy[2], xy[1] - xy[3]), on.height, on.width,
                         on.inside);
    case Figure::kPoint:
      return fill_circle(xy[0], xy[1], kPointRadius, on.height, on.width, on.inside);
    case Figure::kLines:
      return fill_lines(xy, kLineWidth, on.height, on.width, on.inside);
    case Figure::kPolygon:
      break;
  }
  if (rule == PolygonRule::kCoco)
    add_runs(coco_polygon(xy, on.height, on.width), on.height, on.width, on.inside);
  else
    fill_polygon(xy, on.height, on.width, on.inside);
}

void add_outline(const Outline& object, PolygonRule rule, const Canvas& on) {
  for (const std::vector<double>& xy : object.polygons) add_figure(object.figure, xy, rule, on);
  for (const CocoRuns& runs : object.runs) add_runs(runs, on.height, on.width, on.inside);
}

}  // namespace

std::optional<Figure> figure_of(const std::string& name) {
  static const std::map<std::string, Figure> kFigures = {
      {"polygon", Figure::kPolygon},     {"oriented_rectangle", Figure::kPolygon},
      {"rectangle", Figure::kRectangle}, {"circle", Figure::kCircle},
      {"point", Figure::kPoint},         {"line", Figure::kLines},
      {"linestrip", Figure::kLines}};
  const auto found = kFigures.find(name);
  return found == kFigures.end() ? std::nullopt : std::optional(found->second);
}

void check_stated_size(std::int64_t height, std::int64_t width) {
  if (height < 1 || width < 1 || height > kMaxPixels / width) {
    throw core::UserError(
        fmt::format("the annotation says that the image has {} x {} pixels; an image has 1 to {}", height,
                    width, kMaxPixels));
  }
}

LabelMap draw_labels(const OutlinedImage& image, PolygonRule rule, std::uint8_t rest, bool overlap_is_void) {
  check_stated_size(image.height, image.width);
  const auto pixels = static_cast<std::size_t>(image.height * image.width);
  LabelMap map{image.height, image.width, std::vector<std::uint8_t>(pixels, rest)};
  std::vector<std::uint8_t> taken(pixels), inside(pixels);
  for (const Outline& object : image.objects) {
    std::fill(inside.begin(), inside.end(), std::uint8_t{0});
    add_outline(object, rule, {image.height, image.width, inside});
    for (std::size_t i = 0; i < pixels; ++i) {
      if (inside[i] == 0) continue;
      map.labels[i] = overlap_is_void && taken[i] != 0 ? core::kVoidLabel : object.label;
      taken[i] = 1;
    }
  }
  return map;
}

AnnotationClasses::AnnotationClasses(const core::DataConfig& config)
    : names_(config.params.at("classes").get<std::vector<std::string>>()),
      unlisted_(config.params.at("unlisted")) {
  if (const core::Json& colours = config.params.at("class_colours"); !colours.is_null())
    colours_ = colours.get<std::vector<std::string>>();
  const core::PartSpec& kind = core::PartRegistry::instance().get(core::PartKind::kDataSet, config.kind);
  const core::Background background = core::background_of(kind, config.params);
  rest_ = background ? static_cast<std::uint8_t>(*background) : core::kVoidLabel;
}

std::optional<std::uint8_t> AnnotationClasses::label_of(const std::string& name) {
  const auto found = std::find(names_.begin(), names_.end(), name);
  if (found != names_.end()) return static_cast<std::uint8_t>(found - names_.begin());
  ++strangers_[name];
  if (unlisted_ == "void") return core::kVoidLabel;
  return std::nullopt;
}

void AnnotationClasses::tell_strangers(CatalogueBuilder& builder) const {
  if (strangers_.empty() || unlisted_ != "refuse") return;
  std::vector<std::string> names;
  for (const auto& [name, objects] : strangers_)
    names.push_back(fmt::format("\"{}\" ({})", printable(name), objects));
  builder.refuse("unlisted_class", "",
                 fmt::format("objects have names that are no classes: {}", some_of(names)),
                 "list them in classes, or set unlisted = \"rest\" (what no object covers) or \"void\"");
}

void AnnotationClasses::set_classes(Catalogue& catalogue) const {
  for (std::size_t c = 0; c < names_.size(); ++c) {
    catalogue.coding.class_values.push_back(static_cast<int>(c));
    const Rgb colour =
        colours_.empty() ? voc_colour(static_cast<std::uint8_t>(c)) : parse_colour(colours_[c]).value();
    catalogue.classes.push_back({names_[c], colour});
  }
}

Catalogue outlined_catalogue(const core::DataConfig& config, const std::filesystem::path& root,
                             CatalogueBuilder builder, const AnnotationClasses& classes,
                             std::shared_ptr<const Outlines> outlines, PolygonRule rule) {
  classes.tell_strangers(builder);
  Catalogue catalogue = std::move(builder).build();
  catalogue.root = root;
  classes.set_classes(catalogue);
  std::vector<std::string> ids;
  for (const Sample& sample : catalogue.samples) ids.push_back(sample.id);
  catalogue.draw_labels = [=, overlap = config.params.at("overlap") == "void",
                           rest = classes.rest()](std::size_t i) {
    try {
      return draw_labels(outlines->at(ids.at(i)), rule, rest, overlap);
    } catch (const core::UserError& error) {  // one file of COCO is that of many images
      if (rule != PolygonRule::kCoco) throw;
      throw core::UserError(fmt::format("image {}: {}", ids.at(i), error.what()), error.exit_code());
    }
  };
  return catalogue;
}

}  // namespace segbench::data
