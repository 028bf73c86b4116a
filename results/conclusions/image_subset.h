// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "results/conclusions/conclusions.h"
#include "results/conclusions/inputs.h"
#include "results/conclusions/summarise.h"

// The images that a claim is about, where it chooses some: by what the stored counts and ids of images say.

namespace segbench::conclusions {

struct ImageSubset {
  std::optional<std::set<std::string>> ids = {};
  std::string like = {};                 ///< pattern of ids; "": any
  std::string showing = {};              ///< class that the truth must show; "": any
  std::optional<Interval> covered = {};  ///< fraction of the valid pixels that it covers

  bool is_all() const { return !ids && like.empty() && showing.empty() && !covered; }
};
ImageSubset image_subset_of(const core::Json& claim);

/// ", on test images that show car": behind what is claimed; "" of all images.
std::string describe(const ImageSubset& subset, const std::string& split);

/// Those of an evaluation that it takes. `class_names` are the evaluation's.
std::vector<store::ImageRecord> images_in(const ImageSubset& subset, std::vector<store::ImageRecord> images,
                                          const std::vector<std::string>& class_names);

/// `inputs` with no images but those of the subset, and nothing else; valid as long as `inputs` is.
StudyInputs only_images(const StudyInputs& inputs, const ImageSubset& subset);

/// What each used trial of a variant scores on them: `metric` is a score of counts, "iou" of the class.
std::vector<TrialValue> scores_on(const ImageSubset& subset, const StudyInputs& inputs,
                                  const Conclusions& model, const Entry& entry, const std::string& metric,
                                  const std::string& class_name);

/// Why the subset cannot be judged by these trials: it has no image, or lists some that were not scored; ""
/// where it can.
std::string subset_problem(const ImageSubset& subset, const StudyInputs& inputs, const Conclusions& model,
                           const Entry& entry);

}  // namespace segbench::conclusions
