// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/study_file.h"
#include "tests/conclusions/made_up_study.h"

namespace segbench::conclusions {
namespace {

using testing::HasSubstr;

class Sealing : public testing::Test {
 protected:
  Sealing() : inputs_(study_of({trial_of("a", 1, 0.5), trial_of("b", 1, 0.6)})) {
    inputs_.study.study["claims"] = {
        {{"candidate_id", "a"}, {"reference_id", "b"}, {"metric", "miou"}, {"better_by", 0.1}}};
    inputs_.trials[0].record.started = "2026-03-02T10:00:00.000Z";
    inputs_.trials[1].record.started = "2026-03-01T10:00:00.000Z";
  }
  std::string said() const { return conclude(inputs_).sealing; }
  void seal(const std::string& time) {
    inputs_.study.seals = {{core::sealed_form_sha256(inputs_.study.study), time}};
  }
  StudyInputs inputs_;
};

TEST_F(Sealing, IsSaidToBeMissing) {
  EXPECT_THAT(said(), HasSubstr("were not sealed"));
  inputs_.study.study["claims"] = core::Json::array();
  EXPECT_EQ(said(), "") << "nothing is claimed";
}

TEST_F(Sealing, CountsBeforeTheFirstTrial) {
  seal("2026-03-01T09:00:00.000Z");
  EXPECT_THAT(said(), HasSubstr("before the first trial began"));
  seal("2026-03-01T11:00:00.000Z");
  EXPECT_THAT(said(), HasSubstr("after the first trial had begun"));
}

TEST_F(Sealing, IsOfOneForm) {
  seal("2026-03-01T09:00:00.000Z");
  inputs_.study.study["claims"][0]["better_by"] = 0.05;
  EXPECT_THAT(said(), HasSubstr("changed after it was sealed"));
}

}  // namespace
}  // namespace segbench::conclusions
