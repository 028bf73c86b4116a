// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace segbench::run {

/// Those of `names` that begin with `text`; the one that equals it alone where there is one.
std::vector<std::string> names_beginning_with(const std::string& text, const std::vector<std::string>& names);

/// Of `names` the one that equals `text` or, failing that, the only one that begins with it. Throws
/// core::UserError saying what a `what` may be called otherwise.
std::string select_name(const std::string& text, const std::vector<std::string>& names,
                        const std::string& what);

}  // namespace segbench::run
