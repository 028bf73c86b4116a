// SPDX-License-Identifier: MIT
#include "harness/metrics/conventions.h"

#include <array>
#include <vector>

#include "harness/metrics/scores.h"

namespace segbench::metrics {
namespace {

/// IoU of the counts summed over classes.
std::optional<double> micro_iou(const EvaluationCounts& counts) {
  core::ClassCounts sum;
  for (const core::ClassCounts& c : counts.pooled) sum += c;
  return iou(sum);
}

/// Mean over images of the mean over all classes, a class that is in neither map counting as 1.
std::optional<double> image_mean_absent_as_one(const EvaluationCounts& counts) {
  std::vector<std::optional<double>> means;
  for (const ImageCounts& image : counts.images) means.push_back(pooled_scores(image).miou_absent_as_one);
  return mean_of_defined(means);
}

/// Mean over images of the mean Dice over the classes, without the background, that the ground truth of the
/// image has.
std::optional<double> image_mean_dice_of_present(const EvaluationCounts& counts) {
  std::vector<std::optional<double>> means;
  if (!counts.background) return std::nullopt;
  for (const ImageCounts& image : counts.images) {
    std::vector<std::optional<double>> present;
    for (std::size_t c = 0; c < image.size(); ++c) {
      if (c != static_cast<std::size_t>(*counts.background) && image[c].tp + image[c].fn > 0)
        present.push_back(dice(image[c]));
    }
    means.push_back(mean_of_defined(present));
  }
  return mean_of_defined(means);
}

using Counts = EvaluationCounts;
constexpr std::array<Convention, 15> kConventions = {{
    {"miou_no_background",
     "mean IoU of the classes but the background that occur; background pixels still count as errors",
     "this project's default where there is a background; the VOC course study",
     [](const Counts& c) { return pooled_scores(c.pooled, c.background).miou_no_background; },
     Domain::kWithBackground},
    {"miou_union_present", "mean IoU of the classes that occur in ground truth or prediction",
     "Keras MeanIoU on label maps, mmsegmentation IoUMetric, Cityscapes scripts, FCN (Long et al. 2015)",
     [](const Counts& c) { return pooled_scores(c.pooled).miou_union_present; }},
    {"miou_gt_present", "mean IoU of the classes that occur in the ground truth",
     "scikit-learn jaccard_score(average=\"macro\", labels=unique(y_true))",
     [](const Counts& c) { return pooled_scores(c.pooled).miou_gt_present; }},
    {"miou_absent_as_zero", "mean IoU of all classes, one that never occurs counting as 0",
     "scikit-learn jaccard_score(average=\"macro\", labels=all, zero_division=0)",
     [](const Counts& c) { return pooled_scores(c.pooled).miou_absent_as_zero; }},
    {"miou_absent_as_one", "mean IoU of all classes, one that never occurs counting as 1",
     "Berman et al. 2018, Lovasz-Softmax evaluation (EMPTY=1)",
     [](const Counts& c) { return pooled_scores(c.pooled).miou_absent_as_one; }},
    {"miou_background_pixels_ignored",
     "classes but the background, pixels of true background dropped: over-segmentation is free",
     "mmsegmentation reduce_zero_label; scikit-learn jaccard_score on the pixels with y_true > 0",
     [](const Counts& c) {
       return c.confusion == nullptr
                  ? std::nullopt
                  : pooled_scores(*c.confusion, c.background).miou_background_pixels_ignored;
     },
     Domain::kWithBackground},
    {"iou_micro", "IoU of the pixels of all classes summed up",
     "scikit-learn jaccard_score(average=\"micro\"), segmentation_models_pytorch "
     "iou_score(reduction=\"micro\")",
     micro_iou},
    {"fwiou", "IoU weighted by the share of a class in the ground truth",
     "FCN (Long et al. 2015), scikit-learn jaccard_score(average=\"weighted\")",
     [](const Counts& c) { return pooled_scores(c.pooled).fwiou; }},
    {"pixel_accuracy", "share of the valid pixels that are right",
     "FCN (Long et al. 2015), scikit-learn accuracy_score",
     [](const Counts& c) { return pooled_scores(c.pooled).pixel_accuracy; }},
    {"miou_per_image", "mean over images of the mean IoU of the classes in the ground truth",
     "Wang et al. 2023, mIoU^I", [](const Counts& c) { return fine_grained_scores(c.images).miou_i.mean; }},
    {"miou_per_class_image", "per class the mean over images that have it, then the mean over classes",
     "Wang et al. 2023, mIoU^C", [](const Counts& c) { return fine_grained_scores(c.images).miou_c.mean; }},
    {"miou_macro_imagewise", "mean over images and all classes, one that is in neither map counting as 1",
     "segmentation_models_pytorch iou_score(reduction=\"macro-imagewise\", zero_division=1)",
     image_mean_absent_as_one},
    {"dice_per_image_gt_present",
     "mean over images of the mean Dice of the classes but the background in the ground truth",
     "MONAI DiceMetric(include_background=False, ignore_empty=True)", image_mean_dice_of_present,
     Domain::kWithBackground},
    {"carvana_dice", "mean over images of the foreground's Dice, 1 where both maps are empty",
     "Kaggle Carvana Image Masking Challenge",
     [](const Counts& c) { return foreground_scores(c.images, c.background).mean_image_dice_empty1; },
     Domain::kBinary},
    {"tgs_precision",
     "mean over images of the share of the IoU thresholds 0.50 to 0.95 that the foreground exceeds",
     "Kaggle TGS Salt Identification Challenge",
     [](const Counts& c) { return tgs_scores(c.images, c.background).score_strict; }, Domain::kBinary},
}};

}  // namespace

bool applies(const Convention& convention, std::size_t num_classes, bool has_background) {
  if (convention.domain == Domain::kAny) return true;
  return has_background && (convention.domain == Domain::kWithBackground || num_classes == 2);
}

std::string_view describe(Domain domain) {
  switch (domain) {
    case Domain::kWithBackground:
      return "data with a background class";
    case Domain::kBinary:
      return "two classes, a background and one other";
    case Domain::kAny:
      break;
  }
  return "";
}

std::span<const Convention> conventions() {
  return kConventions;
}

}  // namespace segbench::metrics
