// SPDX-License-Identifier: MIT
#include "harness/run/select_name.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/core/error.h"
#include "harness/core/text.h"

namespace segbench::run {

std::vector<std::string> names_beginning_with(const std::string& text,
                                              const std::vector<std::string>& names) {
  std::vector<std::string> found;
  for (const std::string& name : names) {
    if (name == text) return {name};
    if (name.starts_with(text)) found.push_back(name);
  }
  return found;
}

std::string select_name(const std::string& text, const std::vector<std::string>& names,
                        const std::string& what) {
  const std::vector<std::string> found = names_beginning_with(text, names);
  if (found.size() == 1) return found[0];
  if (!found.empty()) {
    throw core::UserError(
        fmt::format("\"{}\" is the beginning of several: {}", text, fmt::join(found, ", ")));
  }
  const std::string all = what == "study"                       ? "studies"
                          : what.find(' ') != std::string::npos ? "ones"
                          : what.ends_with('s')                 ? what + "es"
                                                                : what + "s";
  throw core::UserError(fmt::format("unknown {} \"{}\"; known {}: {}{}", what, text, all,
                                    fmt::join(names, ", "), core::did_you_mean(text, names)));
}

}  // namespace segbench::run
