// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace segbench::metrics {

/// What the VOC course study printed as its scores, computed from probabilities without arg max. Both are
/// offered by name so that its numbers can be understood; neither is an IoU.
class PublishedVocCourse {
 public:
  explicit PublishedVocCourse(int num_classes);

  /// An image: probabilities [pixels, classes] and labels [pixels]. Void pixels are left out.
  void add_image(std::span<const float> probabilities, std::span<const std::uint8_t> labels);
  /// All images of another one, as if they were added here.
  void add(const PublishedVocCourse& other);

  /// Of each image and class (I + 0.001) / (U + 0.001), with I = sum p y and U = sum p + sum y - I; where U
  /// is 0 it is left out. Mean over the images, then over the classes (but class 0).
  std::optional<double> soft_iou(bool drop_background) const;
  /// What tf.keras.metrics.MeanIoU gives when it is fed one-hot labels and probabilities: both are truncated
  /// to integers, and what is left is a matrix of zeros and ones.
  std::optional<double> misfed_mean_iou() const;

 private:
  std::vector<double> sums_;           ///< of the IoUs of each class
  std::vector<std::int64_t> counts_;   ///< of its images
  std::array<std::int64_t, 4> cells_;  ///< [truth][prediction], each 0 or 1
};

}  // namespace segbench::metrics
