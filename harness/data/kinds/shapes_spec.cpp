// SPDX-License-Identifier: MIT
#include "harness/core/background.h"
#include "harness/core/class_list.h"
#include "harness/core/part.h"

namespace segbench::data {
namespace {

core::ParamSpec count(const std::string& name, int default_value, const std::string& help) {
  return {.name = name,
          .types = core::kInteger,
          .default_value = default_value,
          .help = help,
          .minimum = 2,
          .maximum = 1'000'000};
}

core::ParamSpec share(const std::string& name, double default_value, const std::string& help) {
  return {.name = name,
          .types = core::kNumber,
          .default_value = default_value,
          .help = help,
          .minimum = 0,
          .maximum = 1};
}

const core::PartRegistration shapes{
    {.kind = core::PartKind::kDataSet,
     .name = "shapes",
     .summary = "synthetic scenes: background and six imbalanced, occluding shapes",
     .source = "built in (docs/data.md)",
     .params = {count("train_images", 96, "images of the training split"),
                count("selection_images", 32, "images of the selection split"),
                count("test_images", 48, "images of the test split"),
                {.name = "data_seed",
                 .types = core::kInteger,
                 .default_value = 1,
                 .help = "random seed of the scenes",
                 .minimum = 0},
                share("difficulty", 0.5, "0: few, large, bold shapes; 1: many, small, faint ones in clutter"),
                share("colour_cue", 0.0,
                      "how much colour tells the class: 0: shapes of any colour; 1: one colour per class on "
                      "a grey background"),
                share("noise", 0.06, "standard deviation of the pixel noise, as a fraction of white")},
     .traits = {{"needs_root", false},
                {"default_splits", {{"train", "train"}, {"selection", "selection"}, {"test", "test"}}},
                {"default_resolution", {64, 64}},
                {"num_classes", 7},
                {"classes", core::class_trait({{"background", {0, 0, 0}, 0},
                                               {"disc", {31, 119, 180}, 1},
                                               {"box", {255, 127, 14}, 2},
                                               {"ring", {44, 160, 44}, 3},
                                               {"striped", {214, 39, 40}, 4},
                                               {"triangle", {148, 103, 189}, 5},
                                               {"wire", {255, 221, 87}, 6}})},
                {"background", core::kFirstClass},
                {"layout", {"built in: nothing to download"}}}}};

}  // namespace
}  // namespace segbench::data
