// SPDX-License-Identifier: MIT
#include "harness/core/background.h"
#include "harness/core/class_list.h"
#include "harness/core/part.h"
#include "harness/data/kinds/spec_params.h"

namespace segbench::data {
namespace {

using core::Json;

std::vector<core::PartProblem> check_values(const Json& params, const Json&) {
  const Json& values = params.at("mask_values");
  if (values.size() == 2 && values[0] != values[1]) return {};
  return {
      {"data.mask_values", "must be two different values, of background and salt, but is " + values.dump()}};
}

const core::PartRegistration tgs_salt{
    {.kind = core::PartKind::kDataSet,
     .name = "tgs_salt",
     .summary = "seismic images of TGS Salt, 101 x 101 grey: background and salt",
     .source = "Kaggle 2018, TGS Salt Identification Challenge",
     .params =
         {{.name = "mask_values",
           .types = core::kIntegerList,
           .default_value = Json::array({0, 65535}),
           .help = "what masks store for background and salt; copies that went through 8 bits have [0, 255]",
           .minimum = 0,
           .maximum = 65535},
          allow_absent_classes()},
     .traits = {{"needs_root", true},
                {"recognised_by", core::Json::array({"depths.csv"})},
                {"default_splits", {{"train", "all"}, {"selection", 0.1}, {"test", 0.1}}},
                {"default_resolution", {128, 128}},
                {"num_classes", 2},
                {"classes", core::class_trait({{"background", {0, 0, 0}, 0}, {"salt", {128, 0, 0}, 65535}})},
                {"background", core::kFirstClass},
                {"layout",
                 {"train/images/<id>.png   three equal channels of grey (channels = 1 reads one)",
                  "train/masks/<id>.png    16 bits, 0 and 65535; without salt often 8 bits, all 0",
                  "depths.csv, train.csv   not read"}}},
     .check = check_values}};

}  // namespace
}  // namespace segbench::data
