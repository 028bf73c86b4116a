// SPDX-License-Identifier: MIT
#include "harness/refinements/refinement.h"

namespace segbench::refinements {

Registration::Registration(core::PartSpec spec, RefinementFactory::Make make) {
  spec.kind = core::PartKind::kRefinement;
  RefinementFactory::Registration(spec.name, std::move(make));
  core::PartRegistry::instance().add(std::move(spec));
}

std::vector<std::unique_ptr<Refinement>> make_refinements(const std::vector<core::PartChoice>& choices) {
  std::vector<std::unique_ptr<Refinement>> refinements;
  for (const core::PartChoice& choice : choices)
    refinements.push_back(RefinementFactory::instance().make(choice.name, choice.params));
  return refinements;
}

}  // namespace segbench::refinements
