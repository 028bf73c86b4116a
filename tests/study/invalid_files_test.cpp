// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "harness/core/error.h"
#include "harness/study/study.h"

// tests/data/experiments/invalid/*.toml say in their first lines what must be reported, and nothing else may
// be:
//
//     # expect: 7:12: part of the message        line 7, column 12 of this file
//     # expect: other.toml:3:1: …                of another file, named by its last path component
//     # expect: -: …                             of the file, without a line
//     # expect: --set key=value: …               of an override
//     # set: key=value                           loads the file with this override

namespace segbench::study {
namespace {

namespace fs = std::filesystem;

const fs::path kFolder = fs::path(SEGBENCH_SOURCE_DIR) / "tests/data/experiments";

struct Expectation {
  std::vector<std::string> places_and_texts;
  std::vector<std::string> overrides;
};

Expectation read_expectation(const fs::path& file) {
  Expectation expectation;
  std::ifstream stream(file);
  for (std::string line; std::getline(stream, line) && line.starts_with("#");) {
    if (line.starts_with("# expect: ")) expectation.places_and_texts.push_back(line.substr(10));
    if (line.starts_with("# set: ")) expectation.overrides.push_back(line.substr(7));
  }
  return expectation;
}

/// A problem in the notation of the expectations.
std::string as_expected(const core::Problem& problem, const fs::path& file) {
  if (problem.file.starts_with("--set")) return problem.file + ": " + problem.message;
  std::string place = problem.file == file.string() ? "" : fs::path(problem.file).filename().string() + ":";
  if (problem.line == 0) return (place.empty() ? "-: " : place + " ") + problem.message;
  return place + std::to_string(problem.line) + ":" + std::to_string(problem.column) + ": " + problem.message;
}

bool is_met(const std::string& expected, const std::string& actual) {
  const bool override = expected.starts_with("--set");
  const std::size_t end_of_place = expected.find(": ", override ? expected.find('=') : 0) + 2;
  return actual.starts_with(expected.substr(0, end_of_place)) &&
         actual.find(expected.substr(end_of_place), end_of_place) != std::string::npos;
}

std::vector<fs::path> files_in(const char* folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(kFolder / folder)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

std::string name_of(const testing::TestParamInfo<fs::path>& info) {
  std::string name = info.param.stem().string();
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == '-' || c == '.'; }, '_');
  return name;
}

class InvalidFile : public testing::TestWithParam<fs::path> {};

TEST_P(InvalidFile, ReportsExactlyWhatItStates) {
  const fs::path& file = GetParam();
  const Expectation expectation = read_expectation(file);
  ASSERT_FALSE(expectation.places_and_texts.empty()) << file << " states no expected message";
  std::vector<std::string> found;
  try {
    load_study(file, expectation.overrides);
  } catch (const core::UserError& error) {
    EXPECT_EQ(error.exit_code(), core::kUsage);
    for (const core::Problem& problem : error.problems()) found.push_back(as_expected(problem, file));
  }
  std::string all;
  for (const std::string& one : found) all += "\n  " + one;
  EXPECT_EQ(found.size(), expectation.places_and_texts.size()) << "found:" << all;
  for (const std::string& expected : expectation.places_and_texts) {
    const auto match =
        std::find_if(found.begin(), found.end(), [&](auto& one) { return is_met(expected, one); });
    EXPECT_NE(match, found.end()) << "expected: " << expected << "\nfound:" << all;
    if (match != found.end()) found.erase(match);
  }
}

INSTANTIATE_TEST_SUITE_P(Study, InvalidFile, testing::ValuesIn(files_in("invalid")), name_of);

TEST(InvalidFiles, AreManyAndEachOfThemIsRun) {
  EXPECT_GE(files_in("invalid").size(), 40U);
}

}  // namespace
}  // namespace segbench::study
