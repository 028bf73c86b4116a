// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <algorithm>

#include "architectures/encoders/encoder.h"
#include "architectures/networks/network.h"
#include "harness/core/part.h"

// Every architecture on every encoder that it takes.

namespace segbench::architectures {
namespace {

/// The encoders that an architecture takes; none when it has its own alone.
std::vector<std::string> encoders_of(const core::PartSpec& architecture) {
  for (const core::ParamSpec& param : architecture.params) {
    if (param.name == "encoder") return core::choices_for(param);
  }
  return {};
}

void expect_logits(const NetworkOptions& options) {
  SCOPED_TRACE(options.architecture + " with " + options.params.dump());
  const NetworkSummary found = summarise(options);
  EXPECT_EQ(found.layers.back().output_shape, (std::array<std::int64_t, 3>{67, 95, 4}));
  EXPECT_EQ(found.stride, 32);
  const auto of_encoder = [](const LayerRow& row) { return row.name.starts_with("encoder."); };
  EXPECT_GT(std::count_if(found.layers.begin(), found.layers.end(), of_encoder), 10);
}

TEST(Combinations, EveryDecoderStandsOnEveryEncoder) {
  int built = 0;
  for (const core::PartSpec* part : core::PartRegistry::instance().all(core::PartKind::kArchitecture)) {
    for (const std::string& name : encoders_of(*part)) {
      NetworkOptions options{.architecture = part->name,
                             .size = sizes_of(part->name).front(),
                             .width = 0.125,
                             .num_outputs = 4,
                             .image_height = 67,
                             .image_width = 95,
                             .params = {{"encoder", name}, {"output_stride", 32}}};
      expect_logits(options);
      ++built;
      if (!encoder(name).dilatable || part->name == "segnet") continue;
      options.params["output_stride"] = 8;
      expect_logits(options);
    }
  }
  EXPECT_GT(built, 100);
}

}  // namespace
}  // namespace segbench::architectures
