// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "harness/core/decode_cache.h"
#include "harness/core/trial.h"
#include "harness/core/variant.h"
#include "harness/data/codecs/image.h"
#include "harness/data/codecs/mask_file.h"
#include "harness/data/kinds/finding.h"

namespace segbench::data {

/// The split rule "auto": what the data set offers (see splits.h).
inline constexpr const char* kAutoSplit = "auto";
/// What "auto" draws for selection and testing where there is no official split.
inline constexpr double kAutoFraction = 0.15;
/// train, selection, val, valid, validation, test, all: the names that "auto" knows.
bool is_usual_split(const std::string& name);

/// One image with its mask.
struct Sample {
  std::string id;                     ///< unique within the data set
  std::string image_file, mask_file;  ///< relative to the root; "" for built-in data
  std::string group = {};             ///< what must not be torn apart by splits, such as a car; "": alone
  /// Masks of one object each, `mask_file` among them: a pixel has the label of the last one that is not of
  /// the first class there. Empty: mask_file holds all.
  std::vector<std::string> object_masks = {};
  std::int64_t page = -1;  ///< of the files, which are stacks of slices; -1: files of one page
};

/// One decoded sample: the image in RGB and, of the same size, its label map.
struct DecodedSample {
  Image image;
  LabelMap labels;
};

/// What there is to read, as a data set kind lists it: nothing is decoded yet.
struct Catalogue {
  std::filesystem::path root;
  std::vector<core::ClassInfo> classes;
  LabelCoding coding;
  std::vector<Sample> samples;  ///< sorted by id
  std::map<std::string, std::vector<std::int64_t>>
      official_splits;                 ///< name to indices of samples, ascending
  std::vector<AuditFinding> findings;  ///< of the listing
  /// Built-in kinds draw their samples instead of reading them: sample index, height, width.
  std::function<DecodedSample(std::size_t, std::int64_t, std::int64_t)> render = {};
  std::array<std::int64_t, 2> native_size{};  ///< {height, width} of built-in samples
  /// Kinds whose masks are outlines in a file: the label map of a sample, at the size of its image, instead
  /// of a mask file. It throws core::UserError (without a file name) where it cannot be drawn.
  std::function<LabelMap(std::size_t)> draw_labels = {};
  /// Where classes were merged: the new label of each label, void included. `coding` and `render` speak of
  /// the old ones, `classes` are the new ones.
  std::vector<std::uint8_t> relabel = {};
};

/// Collects samples in any order; a sample may stand in several official splits.
class CatalogueBuilder {
 public:
  void refuse(std::string code, std::string file, std::string message, std::string remedy = {});
  void warn(std::string_view key, std::string file, const core::WarningValues& values);
  void add_finding(AuditFinding finding) { findings_.push_back(std::move(finding)); }
  /// Those of the `available` official splits that the rules of `config` name, all usual ones for "auto"; a
  /// name that is not available becomes a finding, which says `where` the available ones come from
  /// ("train.txt and val.txt"). The chosen ones exist from then on, even if they stay empty. Where a rule
  /// names one of `config.lists`, all available ones are chosen, since the list may name any sample.
  std::set<std::string> choose_splits(const core::DataConfig& config, const std::set<std::string>& available,
                                      const std::string& where);
  /// Adds the sample to a split; false when it stands in this split already.
  bool add(const std::string& split, const Sample& sample);
  /// The image and mask files of the samples that stand in one of these splits.
  std::set<std::string> files_of(const std::set<std::string>& splits) const;
  /// Sorts by id and numbers the samples.
  Catalogue build() &&;

 private:
  std::map<std::string, Sample> samples_;
  std::map<std::string, std::set<std::string>> splits_;
  std::vector<AuditFinding> findings_;
};

/// The reader of a data set kind. It throws core::UserError only where there is nothing to list (no root, no
/// list file); anything else becomes a finding.
using CatalogueReader = Catalogue (*)(const core::DataConfig&);

/// Registers the reader of a kind at program start. A kind is two files: NAME.cpp holds the reader and this,
/// NAME_spec.cpp a core::PartRegistration with the kind's parameters and the traits:
///   needs_root          bool
///   default_splits      {"train", "selection", "test"}: SplitRules in JSON
///   default_resolution  [height, width] | "native"
///   background          index of the background class | null (none) | "by_name"
///   num_classes         integer | null (given by the parameter "classes")
///   classes             where num_classes is an integer: core::listed_classes()
///   layout              what stands where under the root: lines of text
///   recognised_by       optional: paths of which only this kind has one under its root, the last part
///   perhaps
///                       a pattern, by which `segbench init` knows it (else see kind_survey.h)
///
///     const KindRegistration registered{"camvid", read_camvid};
struct KindRegistration {
  KindRegistration(const std::string& kind, CatalogueReader reader);
};

/// The kinds that have a reader, sorted.
std::vector<std::string> readable_kinds();

/// Gives labels the numbers of merged classes.
void merge_labels(const Catalogue& catalogue, LabelMap& labels);

/// The catalogue of `config`, read by its kind, with the official splits of its own lists and merged classes.
/// Throws core::UserError for an unknown kind, which lists those there are, and where there is nothing to
/// list.
Catalogue open_catalogue(const core::DataConfig& config);

/// The settings of a kind where nothing is said: traits and default parameters of its PartSpec.
core::DataConfig default_config(const std::string& kind, const std::string& root = "");

}  // namespace segbench::data
