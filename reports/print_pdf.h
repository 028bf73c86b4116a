// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>

namespace segbench::reports {

/// Chromium or Chrome in PATH; "" when there is none.
std::string find_browser();

/// Prints a page to a PDF file beside it with a browser that has Chromium's options. Throws core::UserError
/// when that fails.
void print_pdf(const std::string& browser, const std::filesystem::path& page,
               const std::filesystem::path& pdf);

}  // namespace segbench::reports
