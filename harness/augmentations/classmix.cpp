// SPDX-License-Identifier: MIT
#include "harness/augmentations/registration.h"

namespace segbench::augmentations {
namespace {

const Registration registered{{.name = "classmix",
                               .summary = "pastes half of the classes that another training sample shows, "
                                          "image and mask, before everything else",
                               .source = "Olsson et al. 2021, ClassMix",
                               .effect = EffectKind::kMixing,
                               .params = {},
                               .make = [](const core::Json&) {
                                 return [](core::Stream& stream, const Extent&) {
                                   const std::uint64_t partner = stream.next_u64();
                                   return Mix{.partner = partner, .rectangle = {}, .key = stream.next_u64()};
                                 };
                               }}};

}  // namespace
}  // namespace segbench::augmentations
