// SPDX-License-Identifier: MIT
#include "architectures/networks/encode.h"

#include "harness/core/error.h"

namespace segbench::architectures {

bool has_encoder(const Build& build) {
  return has_encoder(build.params);
}

Features encode(const Build& build, Value x) {
  const Encoder& chosen = encoder(build.params.at("encoder").get<std::string>());
  const core::Json& drop_path = build.params.at("encoder_drop_path");
  Features features =
      chosen.build({.net = build.net.in("encoder"),
                    .width = build.width,
                    .output_stride = build.params.at("output_stride"),
                    .drop_path = drop_path.is_null() ? chosen.drop_path : drop_path.get<double>()},
                   x);
  SEGBENCH_CHECK(features.maps.size() == 5, "encoder {} makes {} maps, not five", chosen.name,
                 features.maps.size());
  return features;
}

}  // namespace segbench::architectures
