// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "harness/run/agenda.h"
#include "harness/run/allocation.h"
#include "harness/run/study_warnings.h"
#include "harness/study/study.h"

namespace segbench::cli {

/// Says on stderr what will be done. `other_threads`: what run::give_threads returned;
/// `device`: what the trials really run on.
void tell_agenda(const run::Agenda& agenda, const study::Study& study, const run::Allocation& allocation,
                 std::size_t other_threads, const std::string& device, bool quiet);

/// Warns on stderr where a trial has more processes than the `gpus` that it may have; 0: none, or not known.
void tell_sharing(const run::Agenda& agenda, std::size_t gpus);

/// "warning: VARIANT, VARIANT: …" on stderr, a line for each different text.
void tell(const std::vector<run::StudyWarning>& warnings);

}  // namespace segbench::cli
