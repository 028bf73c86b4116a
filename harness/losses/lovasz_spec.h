// SPDX-License-Identifier: MIT
#pragma once

#include "harness/losses/region_spec.h"
#include "harness/losses/weighting_spec.h"

namespace segbench::losses {

/// "over" of a Lovász loss.
inline core::ParamSpec lovasz_over_param() {
  return {.name = "over",
          .types = core::kString,
          .default_value = "image",
          .help =
              "the pixels that are sorted together: those of each image, whose losses are averaged, or of "
              "all images of a batch (a split is evaluated image by image either way)",
          .choices = {"image", "batch"}};
}

/// Traits of a Lovász loss that follow from "over".
inline core::Json lovasz_traits(const core::Json& params) {
  const bool is_joint = params.at("over") == "batch";
  return {{"over", is_joint ? "batch" : "images"}, {"sums", !is_joint}};
}

}  // namespace segbench::losses
