// SPDX-License-Identifier: MIT
#include "reports/print_pdf.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cctype>
#include <cstdlib>
#include <string_view>
#include <system_error>
#include <vector>

#include "harness/core/error.h"
#include "harness/core/streams.h"
#include "harness/core/text.h"
#include "reports/figures/process.h"

namespace segbench::reports {
namespace {

/// A path as a URL: RFC 3986, all but unreserved characters and slashes percent-encoded.
std::string file_url(const std::filesystem::path& path) {
  std::string url = "file://";
  for (const char c : std::filesystem::absolute(path).string()) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 ||
                       std::string_view("/-._~").find(c) != std::string_view::npos;
    url += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return url;
}

}  // namespace

std::string find_browser() {
  const char* path = std::getenv("PATH");
  for (const char* name :
       {"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"}) {
    for (const std::string& folder : core::split(path == nullptr ? "" : path, ':')) {
      const std::filesystem::path program = std::filesystem::path(folder) / name;
      if (!folder.empty() && ::access(program.c_str(), X_OK) == 0) return program.string();
    }
  }
  return "";
}

void print_pdf(const std::string& browser, const std::filesystem::path& page,
               const std::filesystem::path& pdf) {
  const std::filesystem::path folder = std::filesystem::absolute(pdf).parent_path();
  const std::filesystem::path profile = folder / ".browser", log = folder / ".browser.log";
  std::vector<std::string> arguments = {
      browser,
      "--headless",
      "--disable-gpu",
      "--no-pdf-header-footer",
      "--user-data-dir=" + profile.string(),
      "--print-to-pdf=" + std::filesystem::absolute(pdf).string(),
  };
  if (::geteuid() == 0) arguments.emplace_back("--no-sandbox");  // Chromium's sandbox refuses root
  arguments.push_back(file_url(page));
  std::string problem;
  try {
    problem = finish_program(start_program(folder, arguments, log));
  } catch (const std::system_error& error) {
    problem = core::system_message(error.code().value());
  }
  std::error_code ignored;
  std::filesystem::remove_all(profile, ignored);
  if (problem.empty() && !std::filesystem::exists(pdf)) problem = "it wrote no file";
  if (!problem.empty())
    throw core::UserError(fmt::format("{} could not print the report: {}", browser, problem),
                          core::kTrialFailed);
}

}  // namespace segbench::reports
