// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "results/conclusions/conclusions.h"

namespace segbench::conclusions {

/// Several studies as one, so that all that is concluded of one (leaderboard, verdict, pairs, fronts,
/// refusals) is concluded of all their variants together. Variants are called "STUDY: LABEL"; one that
/// several studies have, with the same id, stands once, and so do its trials. Of a search the chosen draw
/// stands alone. Claims and seals stay with their study: they were made for it. The images are read by the
/// first study's inputs, so all must come from one store.
StudyInputs merge_studies(std::vector<StudyInputs> studies);

/// "a + b + c".
std::string merged_name(const std::vector<std::string>& names);

}  // namespace segbench::conclusions
