// SPDX-License-Identifier: MIT
// Folds, groups, strata, merged classes and balanced sampling, from a file to a verdict.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "harness/core/files.h"
#include "harness/core/trial.h"
#include "tests/programs/workspace.h"

namespace segbench::tests {
namespace {

using core::Json;

/// 40 scenes in four groups of ten, two variants, two seeds on each of three folds.
constexpr const char* kFoldsStudy = R"(schema = 1
name = "folds"
[data]
kind = "shapes"
resolution = [32, 32]
train_images = 40
merge = { round = ["disc", "ring"] }
group = "^(train/[0-9]*)[0-9]$"
stratify = true
folds = 3
splits = { train = "train", selection = 0.2, test = 0.3 }
[model]
architecture = "fcn"
size = "small"
width = 0.0625
[training]
epochs = 1
batch_size = 8
loss = "cross_entropy"
optimizer = "adam"
[trials]
seeds = [1, 2]
[run]
threads = 1
[matrix]
"data.fold" = [0, 1, 2]
"training.augment" = [["horizontal_flip"], ["horizontal_flip", "class_balance"]]
[[claim]]
candidate = { "training.augment" = ["horizontal_flip", "class_balance"] }
reference = { "training.augment" = ["horizontal_flip"] }
metric = "miou"
not_worse_by = 0.9
)";

class CrossValidation : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    workspace_ = std::make_unique<Workspace>();
    workspace_->write("folds.toml", kFoldsStudy);
    run_ = workspace_->segbench({"run", "folds.toml"});
    for (const auto& folder : workspace_->trials("folds"))
      trials_.push_back(Json::parse(core::read_file(folder / core::kTrialFile)));
  }
  static void TearDownTestSuite() { workspace_.reset(), trials_.clear(); }

  inline static std::unique_ptr<Workspace> workspace_;
  inline static ProcessResult run_;
  inline static std::vector<Json> trials_;
};

TEST_F(CrossValidation, TrainsEverySeedOnEveryFold) {
  ASSERT_EQ(run_.exit_code, 0) << run_.err;
  std::map<std::string, std::set<std::uint64_t>> seeds;
  for (const Json& trial : trials_)
    seeds[trial.at("variant_id")].insert(trial.at("seed").get<std::uint64_t>());
  ASSERT_EQ(seeds.size(), 2U) << "a fold is no variant";
  for (const auto& [variant, own] : seeds) EXPECT_THAT(own, testing::ElementsAre(3, 4, 5, 6, 7, 8));
}

TEST_F(CrossValidation, TestsEveryImageOnceASeedAndTearsNoGroupApart) {
  std::map<std::uint64_t, Json> splits;
  for (const Json& trial : trials_) {
    const auto [known, fresh] = splits.emplace(trial.at("seed").get<std::uint64_t>(), trial.at("splits"));
    EXPECT_EQ(known->second, trial.at("splits")) << "variants are compared on the same images";
    std::map<std::int64_t, std::set<std::string>> where;
    for (const auto& [name, samples] : trial.at("splits").items()) {
      EXPECT_FALSE(samples.empty()) << name;
      for (const std::int64_t sample : samples) where[sample / 10].insert(name);
    }
    for (const auto& [group, names] : where) EXPECT_EQ(names.size(), 1U) << "group " << group;
  }
  ASSERT_EQ(splits.size(), 6U);
  std::multiset<std::int64_t> tested;
  for (const std::uint64_t seed : {3U, 4U, 5U}) {
    for (const std::int64_t sample : splits.at(seed).at("test")) tested.insert(sample);
    EXPECT_EQ(splits.at(seed).at("test"), splits.at(seed + 3).at("test")) << "the same fold";
  }
  EXPECT_EQ(tested.size(), 40U);
  EXPECT_EQ((std::set<std::int64_t>(tested.begin(), tested.end()).size()), 40U);
}

TEST_F(CrossValidation, VerdictsPairByFoldAndSeed) {
  const ProcessResult check = workspace_->segbench({"check", "folds.toml", "--format", "json"});
  ASSERT_EQ(check.exit_code, 0) << check.err;
  const Json condition = Json::parse(check.out).at("items").at(0).at("conditions").at(0);
  EXPECT_EQ(condition.at("outcome"), "held");
  const Json& difference = condition.at("difference");
  std::map<std::string, Json> by_id;
  for (const Json& trial : trials_) by_id[trial.at("trial_id")] = trial;
  ASSERT_EQ(difference.at("candidate_trials").size(), 6U);
  for (std::size_t i = 0; i < 6; ++i) {
    const Json &candidate = by_id.at(difference.at("candidate_trials").at(i)),
               &reference = by_id.at(difference.at("reference_trials").at(i));
    EXPECT_EQ(candidate.at("splits").at("test"), reference.at("splits").at("test"));
    EXPECT_EQ(candidate.at("seed"), reference.at("seed"));
    EXPECT_NE(candidate.at("variant_id"), reference.at("variant_id"));
  }
}

TEST_F(CrossValidation, ScoresMergedClasses) {
  const ProcessResult metrics = workspace_->segbench({"metrics", "folds", "--format", "json"});
  ASSERT_EQ(metrics.exit_code, 0) << metrics.err;
  EXPECT_EQ(metrics.out.find("disc"), std::string::npos);
  const Json manifest = Json::parse(core::read_file(
      workspace_->path() / "runs/folds/trials" / trials_.at(0).at("trial_id").get<std::string>() /
      trials_.at(0).at("cache").get<std::string>() / "manifest.json"));
  std::vector<std::string> names;
  for (const Json& info : manifest.at("classes")) names.push_back(info.at("name"));
  EXPECT_THAT(names, testing::ElementsAre("background", "round", "box", "striped", "triangle", "wire"));
  EXPECT_EQ(workspace_->segbench({"report", "folds"}).exit_code, 0);
  EXPECT_EQ(workspace_->segbench({"report", "folds", "--check"}).exit_code, 0);
}

TEST_F(CrossValidation, BalancedSamplingIsTheOnlyDifference) {
  std::map<std::string, std::string> last;  // by variant and seed: what was trained
  for (const auto& folder : workspace_->trials("folds")) {
    const Json trial = Json::parse(core::read_file(folder / core::kTrialFile));
    last[trial.at("axes").dump() + trial.at("seed").dump()] = computed_events(folder).back();
  }
  ASSERT_EQ(last.size(), 12U);
  std::set<std::string> different;
  for (const auto& [key, events] : last) different.insert(events);
  EXPECT_EQ(different.size(), 12U) << "balancing, folds and seeds each change the weights";
}

}  // namespace
}  // namespace segbench::tests
