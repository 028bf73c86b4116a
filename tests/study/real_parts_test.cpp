// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "harness/study/resolved.h"
#include "tests/study/load.h"

// The experiment files of the project, and files that name real parts.

namespace segbench::study {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(Experiments, AreSoundAndResolveToThemselves) {
  int files = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(SEGBENCH_SOURCE_DIR) / "experiments")) {
    if (entry.path().extension() != ".toml") continue;
    SCOPED_TRACE(entry.path().string());
    const std::optional<Study> loaded = load_experiment(entry.path());
    if (!loaded) continue;  // it profiles networks: profile_test.cpp
    ++files;
    const Study& study = *loaded;
    const std::vector<std::string> names = labels(study);
    EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), study.variants.size());
    const Folder folder;
    EXPECT_EQ(ids(load_study(folder.write("resolved.toml", resolved_toml(study)))), ids(study));
  }
  EXPECT_GE(files, 1);
}

constexpr const char* kStudy =
    "schema = 1\nname = \"real\"\n[data]\nkind = \"shapes\"\nresolution = [64, 64]\n[model]\narchitecture = "
    "\"unet\"\n"
    "size = \"small\"\nwidth = 0.25\n[training]\nepochs = 1\nbatch_size = 4\nloss = "
    "\"cross_entropy\"\noptimizer = "
    "\"adam\"\n";

TEST(RealParts, HaveReadableLabels) {
  const Folder folder;
  const fs::path file = folder.write(
      "study.toml",
      std::string(kStudy) +
          "[matrix]\n\"training.loss.class_weights\" = [\"none\", \"inverse_frequency\"]\n"
          "\"training.optimizer\" = [\"adam\", { name = \"sgd\", learning_rate = 1e-4, decay = 1e-3 }]\n");
  EXPECT_THAT(labels(load_study(file)),
              ElementsAre("class_weights=none adam", "class_weights=none sgd lr=0.0001 decay=0.001",
                          "class_weights=inverse_frequency adam",
                          "class_weights=inverse_frequency sgd lr=0.0001 decay=0.001"));
}

TEST(RealParts, ResolveWithTheirDefaults) {
  const Folder folder;
  const Study study = load_study(folder.write("study.toml", kStudy));
  EXPECT_THAT(labels(study), ElementsAre("unet small"));
  const core::VariantConfig& config = study.variants[0].config;
  EXPECT_EQ(config.training.optimizer.params["learning_rate"], 0.001);
  EXPECT_EQ(config.training.loss.params["class_weights"], "none");
}

TEST(RealParts, SelectByAScoreThatTheDataHave) {
  const Folder folder;
  const auto chosen = [&](const std::vector<std::string>& overrides) {
    return load_study(folder.write("study.toml", kStudy), overrides).variants[0].config;
  };
  const std::vector<std::string> folders = {"data.kind=folders", "data.root=x",
                                            "data.classes=[\"sky\", \"road\"]"};
  EXPECT_EQ(chosen({}).training.select_by, "miou_no_background");
  EXPECT_EQ(chosen({"data.kind=camvid", "data.root=x"}).training.select_by, "miou");
  EXPECT_EQ(chosen({"data.kind=voc2012", "data.root=x"}).training.select_by, "miou_no_background");
  EXPECT_EQ(chosen(folders).training.select_by, "miou");
  EXPECT_EQ(chosen(folders).data.background, std::nullopt);
  auto named = folders;
  named.push_back("data.background=road");
  EXPECT_EQ(chosen(named).data.background, 1);
  EXPECT_EQ(chosen(named).training.select_by, "miou_no_background");
  auto asked = folders;
  asked.push_back("training.select_by=mean_dice_no_background");
  EXPECT_THAT(folder.problems(kStudy, asked),
              HasSubstr("these data have no background class; use \"mean_dice\""));
  named.back() = "data.background=roda";
  EXPECT_THAT(folder.problems(kStudy, named), HasSubstr("unknown class \"roda\"; known classes: sky, road"));
  const std::string claim =
      "[matrix]\n\"model.size\" = [\"small\", \"medium\"]\n[[claim]]\nmetric = \"miou_no_background\"\n"
      "candidate = \"small\"\nreference = \"medium\"\nnot_worse_by = 0.1\n";
  EXPECT_EQ(folder.problems(std::string(kStudy) + claim, {}), "");
  EXPECT_THAT(folder.problems(std::string(kStudy) + claim, folders),
              HasSubstr("claim.metric: \"miou_no_background\" leaves out"));
}

TEST(RealParts, ReportTheirContradictions) {
  const Folder folder;
  const auto problems = [&](const std::vector<std::string>& overrides) {
    return folder.problems(kStudy, overrides);
  };
  EXPECT_EQ(problems({}), "");
  EXPECT_THAT(
      problems({"training.loss={ name = \"cross_entropy\", class_weights = [1, 2] }"}),
      HasSubstr("training.loss.class_weights: must list one weight for each of the 7 classes, but lists 2"));
  EXPECT_THAT(problems({"training.loss=binary_cross_entropy"}), HasSubstr("the data have 7"));
  EXPECT_THAT(problems({"training.optimizer={ name = \"sgd\", nesterov = true }"}), HasSubstr("momentum"));
  EXPECT_THAT(problems({"data.resolution=[2, 2]"}), HasSubstr("data.resolution"));
  EXPECT_EQ(problems({"training.stop_at=0.9", "training.early_stopping_patience=3"}), "");
  EXPECT_THAT(problems({"training.early_stopping_min_delta=0.1"}), HasSubstr("has no effect without"));
  EXPECT_THAT(problems({"training.moving_average=1"}), HasSubstr("less than 1"));
  EXPECT_THAT(problems({"training.accumulate_batches=0"}), HasSubstr("from 1"));
  EXPECT_THAT(problems({"run.keep_weights=all"}), HasSubstr("every_epoch"));
  EXPECT_THAT(problems({"model.size=published"}), HasSubstr("model.size"));
  EXPECT_THAT(problems({"data.kind=camvid"}), HasSubstr("data.root is missing"));
  EXPECT_THAT(problems({"data.kind=folders", "data.root=x", "data.classes=[\"a\"]"}),
              HasSubstr("but lists 1"));
}

TEST(RealParts, MergedClassesMoveTheBackgroundAndResolveToThemselves) {
  const Folder folder;
  const auto load = [&](const std::string& more) {
    std::string text = kStudy;
    return load_study(folder.write("study.toml", text.insert(text.find("resolution"), more)));
  };
  EXPECT_EQ(load("merge = { round = [\"disc\", \"ring\"] }\n").variants[0].config.data.background, 0);
  const Study study = load(
      "merge = { last = [\"wire\", \"background\"], round = [\"disc\", \"ring\"] }\nfolds = 4\n"
      "group = \"^[0-9]\"\nstratify = true\n");
  EXPECT_EQ(study.variants[0].config.data.background, 0);
  EXPECT_NE(study.variants[0].id, load("").variants[0].id);
  EXPECT_EQ(ids(load_study(folder.write("resolved.toml", resolved_toml(study)))), ids(study));
}

TEST(RealParts, ListsCountByTheirContentAndNotByTheirPlace) {
  const Folder folder;
  const auto id = [&](const std::string& list, const std::string& text) {
    folder.write(list, text);
    std::string study = kStudy;
    study.insert(study.find("resolution"),
                 "lists = { mine = \"" + list + "\" }\nsplits = { train = \"mine\" }\n");
    return load_study(folder.write("study.toml", study)).variants[0].id;
  };
  EXPECT_EQ(id("a.txt", "one\n"), id("b.txt", "one\n"));
  EXPECT_NE(id("a.txt", "one\n"), id("b.txt", "two\n"));
}

TEST(RealParts, LossesForTwoClassesTakeMergedOnes) {
  const Folder folder;
  std::string text = kStudy;
  text.replace(text.find("\"cross_entropy\""), 15, "\"binary_cross_entropy\"");
  EXPECT_THROW(load_study(folder.write("study.toml", text)), core::UserError);
  text.insert(text.find("resolution"),
              "merge = { shape = [\"disc\", \"box\", \"ring\", \"striped\", \"triangle\", \"wire\"] }\n");
  EXPECT_EQ(load_study(folder.write("study.toml", text)).variants.size(), 1U);
}

}  // namespace
}  // namespace segbench::study
