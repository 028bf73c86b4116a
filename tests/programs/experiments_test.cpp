// SPDX-License-Identifier: MIT
// The studies of experiments/ from their files to their reports, on samples of the real data sets.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/files.h"
#include "tests/programs/workspace.h"
#include "tests/support/oracles.h"

namespace segbench::tests {
namespace {

namespace fs = std::filesystem;

const fs::path kExperiments = fs::path(SEGBENCH_SOURCE_DIR) / "experiments";

std::vector<std::string> files_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".toml") names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

/// Where the files look for their data sets.
Environment sample_data() {
  Environment environment;
  for (const auto& [variable, folder] : {std::pair{"CAMVID", "camvid"},
                                         {"CARVANA", "carvana_layout_standin"},
                                         {"OXFORD_PET", "oxford_pet"},
                                         {"TGS_SALT", "tgs_salt"},
                                         {"VOC2012", "voc2012"}})
    environment.emplace_back(variable, data_folder() / folder);
  return environment;
}

TEST(Experiments, EveryFileOnRealDataHasASmallOne) {
  for (const std::string& name : files_in(kExperiments)) {
    const std::string text = core::read_file(kExperiments / name);
    const bool builtin = text.find("\"shapes\"") != text.npos || text.find("\n[profile]") != text.npos;
    const bool base = name == "voc_course.toml";  // the others extend it
    EXPECT_NE(fs::exists(kExperiments / "samples" / name), builtin || base) << name;
  }
}

class ExperimentOnSamples : public testing::TestWithParam<std::string> {};

TEST_P(ExperimentOnSamples, RunsToItsReport) {
  SEGBENCH_NEEDS_DATA("voc2012");
  const fs::path file = kExperiments / "samples" / GetParam();
  EXPECT_THAT(core::read_file(file), testing::HasSubstr("extends = \"../" + GetParam() + "\""));
  const Workspace workspace;
  std::vector<std::string> command = {"run", file, "--report"};
  const bool has_weights =
      core::read_file(file).find("model.weights") != std::string::npos;  // to be downloaded
  if (has_weights) command.insert(command.end(), {"--set", "model.weights=\"\""});
  const ProcessResult run = workspace.segbench(command, sample_data());
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const std::string study = "sample_" + file.stem().string();
  EXPECT_TRUE(fs::exists(workspace.path() / "runs" / study / "report/index.html"));
  const ProcessResult check = workspace.segbench({"report", study, "--check"}, sample_data());
  EXPECT_EQ(check.exit_code, 0) << check.err;
}

INSTANTIATE_TEST_SUITE_P(All, ExperimentOnSamples, testing::ValuesIn(files_in(kExperiments / "samples")),
                         [](const auto& file) { return fs::path(file.param).stem().string(); });

}  // namespace
}  // namespace segbench::tests
