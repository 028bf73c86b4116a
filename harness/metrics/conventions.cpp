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

/// Mean over images of the IoU of all classes summed up.
std::optional<double> image_mean_micro(const EvaluationCounts& counts) {
  std::vector<std::optional<double>> means;
  for (const ImageCounts& image : counts.images) means.push_back(micro_iou({.pooled = image, .images = {}}));
  return mean_of_defined(means);
}

/// Of each class but the background the mean Dice over the images where it is in either map; then the mean.
std::optional<double> class_mean_of_image_dices(const EvaluationCounts& counts) {
  std::vector<std::optional<double>> classes;
  if (!counts.background) return std::nullopt;
  for (std::size_t c = 0; c < counts.pooled.size(); ++c) {
    if (c == static_cast<std::size_t>(*counts.background)) continue;
    std::vector<std::optional<double>> dices;
    for (const ImageCounts& image : counts.images) dices.push_back(dice(image[c]));
    classes.push_back(mean_of_defined(dices));
  }
  return mean_of_defined(classes);
}

/// Mean over all classes; undefined when one of them never occurs.
std::optional<double> mean_iou_of_all(const EvaluationCounts& counts) {
  const PooledScores scores = pooled_scores(counts.pooled);
  for (const std::optional<double>& each : scores.iou) {
    if (!each) return std::nullopt;
  }
  return scores.miou_union_present;
}

std::optional<double> measured(const EvaluationCounts& counts, const char* key) {
  if (counts.measures == nullptr || !counts.measures->contains(key)) return std::nullopt;
  return counts.measures->at(key);
}

using Counts = EvaluationCounts;
constexpr std::array<Convention, 23> kConventions = {{
    {"miou_no_background",
     "mean IoU of the classes but the background that occur; background pixels still count as errors",
     "this project's default where there is a background; the VOC course study",
     [](const Counts& c) { return pooled_scores(c.pooled, c.background).miou_no_background; },
     Domain::kWithBackground},
    {"miou_union_present", "mean IoU of the classes that occur in ground truth or prediction",
     "Keras MeanIoU on label maps, mmsegmentation IoUMetric, torchmetrics JaccardIndex(average=\"macro\"), "
     "Cityscapes scripts, FCN (Long et al. 2015)",
     [](const Counts& c) { return pooled_scores(c.pooled).miou_union_present; }},
    {"miou_gt_present", "mean IoU of the classes that occur in the ground truth",
     "scikit-learn jaccard_score(average=\"macro\", labels=unique(y_true))",
     [](const Counts& c) { return pooled_scores(c.pooled).miou_gt_present; }},
    {"miou_torchvision", "mean IoU of all classes, undefined when one of them never occurs",
     "torchvision references/segmentation ConfusionMatrix", mean_iou_of_all},
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
    {"iou_micro_imagewise", "mean over images of the IoU of the pixels of all classes summed up",
     "segmentation_models_pytorch iou_score(reduction=\"micro-imagewise\")", image_mean_micro},
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
    {"dice_nnunet",
     "per class but the background the mean Dice over images that have it in either map, then the mean",
     "nnU-Net foreground_mean of its summary", class_mean_of_image_dices, Domain::kWithBackground},
    {"dice_nnunet_pseudo", "mean Dice, pooled over images, of the classes but the background that occur",
     "nnU-Net pseudo Dice while training",
     [](const Counts& c) { return pooled_scores(c.pooled, c.background).mean_dice_no_background; },
     Domain::kWithBackground},
    {"cohen_kappa", "agreement beyond chance: (po - pe) / (1 - pe)", "scikit-learn cohen_kappa_score",
     [](const Counts& c) { return pooled_scores(c.pooled).cohen_kappa; }},
    {"mcc", "correlation of truth and prediction over all classes (Gorodkin 2004)",
     "scikit-learn matthews_corrcoef", [](const Counts& c) { return pooled_scores(c.pooled).mcc; }},
    {"published_voc_course_iou", "soft IoU of probabilities, per image and class but class 0; no IoU",
     "what the VOC course study printed as IoU without background; only where evaluation.measures names it",
     [](const Counts& c) { return measured(c, "published_voc_course_iou"); }},
    {"published_voc_course_mean_iou",
     "Keras MeanIoU fed with one-hot labels and probabilities: the same for any unsure network",
     "what the VOC course study printed as mean IoU; only where evaluation.measures names it",
     [](const Counts& c) { return measured(c, "published_voc_course_mean_iou"); }},
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

const Convention* find_convention(std::string_view name) {
  for (const Convention& convention : kConventions) {
    if (convention.name == name) return &convention;
  }
  return nullptr;
}

}  // namespace segbench::metrics
