// SPDX-License-Identifier: MIT
#include "harness/train/select.h"

#include <fmt/format.h>

#include "harness/core/metric_names.h"

namespace segbench::train {

bool replaces_selected(const std::optional<double>& value, const SelectedEpoch& selected,
                       const std::string& metric) {
  if (selected.epoch == 0) return true;
  if (!core::find_metric(metric)->higher_is_better) {
    return value ? !selected.value || *value < *selected.value : !selected.value;
  }
  if (!value) return !selected.value || *selected.value <= 0;
  return *value > selected.value.value_or(0.0);
}

core::Warning selection_undefined(const std::string& metric, std::int64_t epoch) {
  return {
      "selection_undefined",
      fmt::format("No epoch could be selected by {}: on the selection split it is undefined or zero after "
                  "every epoch, because the classes that it is about do not occur there. Epoch {}, the last "
                  "one without a wrong prediction of them, is tested.",
                  metric, epoch),
      "Choose a selection split in which every class occurs, select by a metric that is always defined "
      "(training.select_by = \"pixel_accuracy\" or \"loss\"), or set training.select = \"last\"."};
}

core::Warning single_class(const std::string& class_name, std::size_t present, const std::string& split,
                           std::int64_t epoch) {
  return {"single_class",
          fmt::format(
              "The network of epoch {} predicts the class \"{}\" for every pixel of the {} split, in which "
              "{} classes occur: it has learnt nothing that its scores could compare.",
              epoch, class_name, split, present),
          "Train longer or with another learning rate, weight the classes in the loss, or look at the moving "
          "statistics of batch normalisation (training.batch_norm_statistics = \"precise\")."};
}

}  // namespace segbench::train
