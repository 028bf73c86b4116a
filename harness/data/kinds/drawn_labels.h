// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/data/codecs/coco_mask.h"
#include "harness/data/kinds/catalogue.h"

namespace segbench::data {

/// What the points of an outline mean.
enum class Figure {
  kPolygon,
  kRectangle,  ///< two opposite corners
  kCircle,     ///< the centre and a point on the circle
  kPoint,      ///< the centre of a disc of radius 5
  kLines,      ///< the ends of lines 10 pixels wide
};
/// Of LabelMe's name of a shape: polygon, oriented_rectangle, rectangle, circle, point, line, linestrip.
std::optional<Figure> figure_of(const std::string& name);

/// An object of an image as an annotation file outlines it: all outlines together.
struct Outline {
  std::uint8_t label = 0;
  std::vector<std::vector<double>> polygons = {};  ///< points x0, y0, x1, y1, … of each figure
  std::vector<CocoRuns> runs = {};
  Figure figure = Figure::kPolygon;
};

/// What is drawn to make the label map of one image, in this order.
struct OutlinedImage {
  std::int64_t height = 0, width = 0;
  std::vector<Outline> objects = {};
};

/// By whose rule polygons become pixels.
enum class PolygonRule { kCoco, kPillow };

/// Throws core::UserError where an annotation states a size that no image has.
void check_stated_size(std::int64_t height, std::int64_t width);

/// The label map of an image: `rest` where no object lies. Where several do, the last one, or void.
LabelMap draw_labels(const OutlinedImage& image, PolygonRule rule, std::uint8_t rest, bool overlap_is_void);

/// How the names of annotations become labels.
class AnnotationClasses {
 public:
  explicit AnnotationClasses(const core::DataConfig& config);
  /// The label of a name; nullopt where its objects are not drawn. A name that is no class is remembered.
  std::optional<std::uint8_t> label_of(const std::string& name);
  /// Of what no object covers: the background's, else void.
  std::uint8_t rest() const { return rest_; }
  /// A finding about the names that are no classes, where they are to be refused.
  void tell_strangers(CatalogueBuilder& builder) const;
  /// Gives the catalogue the classes.
  void set_classes(Catalogue& catalogue) const;

 private:
  std::vector<std::string> names_;
  std::vector<std::string> colours_;
  std::map<std::string, std::int64_t> strangers_;
  std::string unlisted_;
  std::uint8_t rest_ = 0;
};

/// Annotated images by the ids of their samples.
using Outlines = std::map<std::string, OutlinedImage>;

/// What is left to do once all annotation files are read: findings, classes, and labels drawn when asked for.
Catalogue outlined_catalogue(const core::DataConfig& config, const std::filesystem::path& root,
                             CatalogueBuilder builder, const AnnotationClasses& classes,
                             std::shared_ptr<const Outlines> outlines, PolygonRule rule);

}  // namespace segbench::data
