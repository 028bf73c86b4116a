// SPDX-License-Identifier: MIT
#include "harness/losses/region_spec.h"

namespace segbench::losses {
namespace {

core::ParamSpec number(const char* name, double value, const char* help) {
  return {.name = name, .types = core::kNumber, .default_value = value, .help = help, .minimum = 0.0};
}

std::vector<core::ParamSpec> own() {
  core::ParamSpec gamma =
      number("gamma", 1.0,
             "the loss of a class is raised to 1 / gamma: above 1 (4/3 in the focal Tversky "
             "loss), classes that are found well count less");
  gamma.exclusive_minimum = true;
  return {number("alpha", 0.3, "weight of pixels that are predicted wrongly as the class (false positives)"),
          number("beta", 0.7, "weight of pixels of the class that are missed (false negatives)"), gamma};
}

const core::PartRegistration registered{
    region_spec("tversky", "Tversky loss: Dice with its own weights for false positives and false negatives",
                "Salehi, Erdogmus and Gholipour, MLMI 2017; gamma: Abraham and Khan, ISBI 2019", own())};

}  // namespace
}  // namespace segbench::losses
