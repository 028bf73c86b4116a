// SPDX-License-Identifier: MIT
#include "harness/data/kinds/annotation_params.h"

#include <utility>

#include "harness/data/kinds/class_params.h"
#include "harness/data/kinds/spec_params.h"

namespace segbench::data {

std::vector<core::ParamSpec> annotation_params() {
  return {
      classes_param(),
      background_param(),
      class_colours_param("colours the report"),
      {.name = "unlisted",
       .types = core::kString,
       .default_value = "refuse",
       .help = "objects whose names are no classes: refuse the data, leave them to the rest (the background, "
               "else void), or make them void",
       .choices = {"refuse", "rest", "void"}},
      {.name = "overlap",
       .types = core::kString,
       .default_value = "last",
       .help = "where objects lie on each other: the label of the last one in the file, or void",
       .choices = {"last", "void"}},
      allow_absent_classes()};
}

core::Json annotation_traits(std::vector<std::string> layout) {
  return {{"needs_root", true},
          {"default_splits", {{"train", "auto"}, {"selection", "auto"}, {"test", "auto"}}},
          {"default_resolution", "native"},
          {"num_classes", core::Json()},
          {"background", "by_name"},
          {"layout", std::move(layout)}};
}

std::vector<core::PartProblem> check_annotation_params(const core::Json& params, const core::Json&) {
  std::vector<core::PartProblem> problems;
  check_class_params(params, problems);
  return problems;
}

}  // namespace segbench::data
