// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include "harness/core/files.h"
#include "harness/core/hash.h"
#include "harness/study/resolved.h"
#include "harness/weights/known.h"
#include "tests/study/load.h"

namespace segbench::study {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// Points the folder of downloads somewhere else while it lives.
class Downloads {
 public:
  Downloads() {
    ::setenv("XDG_CACHE_HOME", folder_.path().c_str(), 1);
    std::filesystem::create_directories(weights::weights_folder());
  }
  ~Downloads() { ::unsetenv("XDG_CACHE_HOME"); }

 private:
  tests::TemporaryFolder folder_;
};

TEST(ModelFiles, TheContentIsThePartOfTheIdentityAndNotThePlace) {
  const Folder folder;
  folder.write("a.pth", "some weights");
  folder.write("b.pth", "some weights");
  folder.write("c.pth", "other weights");
  const auto id = [&](const std::string& model) { return ids(folder.load("[model]\n" + model))[0]; };
  const std::string none = id(""), a = id("weights = \"a.pth\"");
  EXPECT_EQ(id("weights = \"\""), none);
  EXPECT_EQ(id("freeze = \"none\""), none);
  EXPECT_EQ(id("weights_exclude = []"), none);
  EXPECT_NE(a, none);
  EXPECT_EQ(id("weights = \"b.pth\""), a);
  EXPECT_NE(id("weights = \"c.pth\""), a);
  EXPECT_NE(id("weights = \"a.pth\"\nweights_exclude = [\"head.*\"]"), a);
  EXPECT_NE(id("weights = \"a.pth\"\nfreeze = \"encoder\""), a);
  EXPECT_NE(id("freeze = [\"conv*\"]"), id("freeze = \"encoder\""));

  const core::ModelConfig model = folder.load("[model]\nweights = \"a.pth\"").variants[0].config.model;
  EXPECT_EQ(model.weights->sha256, core::sha256_hex("some weights"));
  EXPECT_TRUE(std::filesystem::path(model.weights->path).is_absolute());
}

TEST(ModelFiles, AnExperimentFileMayVaryAndSelectThem) {
  const Folder folder;
  folder.write("resnet.pth", "some weights");
  const Study study = folder.load(R"(
[matrix]
"model.weights" = ["", "resnet.pth"]
"model.freeze" = ["none", "encoder"]
[[matrix.exclude]]
"model.weights" = ""
"model.freeze" = "encoder"
[[claim]]
candidate = { "model.weights" = "resnet.pth", "model.freeze" = "none" }
reference = { "model.weights" = "" }
metric = "miou"
better_by = 0.01
)");
  EXPECT_THAT(labels(study), ElementsAre("weights=none freeze=none", "weights=resnet.pth freeze=none",
                                         "weights=resnet.pth freeze=encoder"));
  EXPECT_EQ(study.claims[0].at("candidate_id"), study.variants[1].id);
  EXPECT_EQ(study.claims[0].at("reference_id"), study.variants[0].id);
  EXPECT_FALSE(study.variants[0].config.model.weights);
  EXPECT_EQ(study.variants[2].config.model.freeze, "encoder");

  const std::filesystem::path again = folder.write("again.toml", resolved_toml(study));
  const Study reloaded = load_study(again);
  EXPECT_EQ(ids(reloaded), ids(study));
  EXPECT_EQ(labels(reloaded), labels(study));
}

TEST(ModelFiles, ABareNameIsLookedForAmongTheDownloads) {
  const Folder folder;
  const Downloads downloads;
  const std::string content = "the weights";
  const std::string name = "tiny-" + core::sha256_hex(content).substr(0, 8) + ".pth";
  core::write_file_atomically(weights::weights_folder() / name, content);
  const auto path = [&](const std::string& given, const std::vector<std::string>& overrides = {}) {
    return folder.load(given.empty() ? "" : "[model]\nweights = \"" + given + "\"", overrides)
        .variants[0]
        .config.model.weights->path;
  };
  EXPECT_EQ(path(name), weights::weights_folder() / name);
  EXPECT_EQ(path("", {"model.weights=" + name}), weights::weights_folder() / name);
  EXPECT_THAT(folder.problems("extends = \"$BASE\"\n[model]\nweights = \"./" + name + "\""),
              HasSubstr("does not exist"));
  folder.write(name, content);
  EXPECT_NE(path(name), weights::weights_folder() / name) << "a file beside the experiment file comes first";
}

TEST(ModelFiles, KnownNamesMeanTheirFiles) {
  const Folder folder;
  const Downloads downloads;
  core::write_file_atomically(weights::weights_folder() / "resnet18-f37072fd.pth", "not the real one");
  EXPECT_THAT(folder.problems("extends = \"$BASE\"\n[model]\nweights = \"resnet18\""),
              HasSubstr("resnet18-f37072fd.pth begins with"));
}

}  // namespace
}  // namespace segbench::study
