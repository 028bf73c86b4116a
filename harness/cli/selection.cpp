// SPDX-License-Identifier: MIT
#include "harness/cli/selection.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "harness/core/error.h"
#include "harness/core/study_file.h"
#include "harness/run/select_name.h"
#include "harness/study/study.h"

namespace segbench::cli {

std::filesystem::path store_file(const Context& context) {
  return context.runs / core::kStoreFile;
}

std::string select_study(const store::Store& store, const std::string& argument) {
  const std::vector<std::string> names = store.study_names();
  if (names.empty()) throw core::UserError("there is no study yet; `segbench run STUDY.toml` makes one");
  if (argument.empty()) {
    if (names.size() == 1) return names[0];
    throw core::UserError(fmt::format("which study? There are {}: {}", names.size(), fmt::join(names, ", ")));
  }
  if (argument.ends_with(".toml")) return run::select_name(study::load_study(argument).name, names, "study");
  return run::select_name(argument, names, "study");
}

bool names_a_trial(const store::Store& store, const std::string& argument) {
  if (argument.empty() || argument.ends_with(".toml") ||
      !run::names_beginning_with(argument, store.study_names()).empty())
    return false;
  try {
    store.trial(argument);
    return true;
  } catch (const core::UserError&) {
    return false;
  }
}

std::string check_positive(const std::string& text) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  const bool fine = !text.empty() && *end == '\0' && std::isfinite(value) && value > 0;
  return fine ? "" : fmt::format("unusable value {}; it must be a number above 0", text);
}

void note(const std::string& text) {
  fmt::print(stderr, "note: {}\n", text);
}

}  // namespace segbench::cli
