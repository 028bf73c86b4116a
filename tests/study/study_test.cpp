// SPDX-License-Identifier: MIT
#include "harness/study/study.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "harness/study/resolved.h"
#include "tests/study/load.h"

namespace segbench::study {
namespace {

using core::Json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

TEST(Study, FillsInEveryDefault) {
  const Study study = load_study(experiments() / "valid/smallest.toml");
  EXPECT_EQ(study.question, "");
  EXPECT_THAT(study.seeds, ElementsAre(1, 2, 3));
  EXPECT_THAT(labels(study), ElementsAre("fake_flat full"));
  EXPECT_EQ(study.run.device, "auto");
  EXPECT_EQ(study.variants[0].axes, Json::object());
  const Json expected = Json::parse(R"({
    "schema": 1,
    "data": {"kind": "fake_blobs", "root": "", "resolution": [64, 64], "channels": 3, "normalise": "unit_range",
             "splits": {"train": "train", "selection": 0.2, "test": "test"}, "split_seed": 0, "allow_overlap": false,
             "params": {"samples": 100}},
    "model": {"architecture": "fake_flat", "size": "full", "width": 1.0, "params": {}},
    "training": {"epochs": 1, "batch_size": 1, "loss": {"name": "fake_entropy", "class_weights": "none"},
                 "optimizer": {"name": "fake_adaptive", "learning_rate": 0.001, "betas": [0.9, 0.999], "clip": null},
                 "augment": [], "select": "best", "select_by": "miou_no_background", "evaluate_every": 1,
                 "batch_norm_statistics": "moving"}})");
  EXPECT_EQ(core::to_json(study.variants[0].config).dump(2), expected.dump(2));
}

TEST(Study, ReadsEveryKindOfSetting) {
  const Study study = load_study(experiments() / "valid/kitchen_sink.toml");
  EXPECT_EQ(study.name, "kitchen-sink_1.0");
  EXPECT_EQ(study.question, "Größer oder kleiner?");
  EXPECT_THAT(study.seeds, ElementsAre(1, 2, 3, 4, 5));
  EXPECT_EQ(study.run.device, "cuda:1");
  EXPECT_EQ(study.run.jobs, 3);
  EXPECT_EQ(study.run.stall_minutes, 2.5);
  EXPECT_THAT(labels(study), ElementsAre("small fake_adaptive", "medium fake_adaptive",
                                         "medium fake_descent lr=0.001", "long"));
  const core::VariantConfig& config = study.variants[2].config;
  EXPECT_EQ(config.data.root, (experiments() / "valid/data/streets").string());
  EXPECT_EQ(config.data.resolution, (std::array<std::int64_t, 2>{32, 48}));
  EXPECT_THAT(config.data.train.official, ElementsAre("train", "val"));
  EXPECT_EQ(config.data.selection.fraction, 0.25);
  EXPECT_THAT(config.data.test.official, ElementsAre("test"));
  EXPECT_EQ(config.data.params, Json({{"coarse", true}}));
  EXPECT_EQ(config.model.params, Json({{"depth", 4}, {"dropout", 0.5}}));
  EXPECT_EQ(config.training.loss.params["class_weights"].dump(), "[1.0,2.0,3.0]");
  EXPECT_EQ(config.training.augment[1].params, Json({{"degrees", 10.0}}));
  EXPECT_EQ(config.training.select_by, "loss");
  const Json& claim = study.claims.at(0);
  EXPECT_EQ(claim["candidate_id"], study.variants[0].id);
  EXPECT_EQ(claim["reference_id"], study.variants[1].id);
  EXPECT_EQ(claim["not_worse_by"], 0.01);
  EXPECT_EQ(claim["faster_by"], 0.15);
  EXPECT_EQ(claim["better_by"], Json());
  const Json published = {{"variant", "long"},
                          {"variant_id", study.variants[3].id},
                          {"variant_label", "long"},
                          {"metric", "pixel_accuracy"},
                          {"value", 1.0},
                          {"convention", "miou_absent_as_zero"},
                          {"best_of", 3},
                          {"statistic", "best of 3 runs"},
                          {"source", "a paper"},
                          {"explained_by",
                           {{{"variant", {{"model.size", "small"}}},
                             {"variant_id", study.variants[0].id},
                             {"variant_label", study.variants[0].label}}}}};
  EXPECT_EQ(study.published, Json::array({published}));
}

// The id names results on disk: it must never change for the same settings.
TEST(Study, KeepsTheImagesOfAClaim) {
  const Folder folder;
  folder.write("hard.txt", "# the hard ones\n b \na\r\n\n");
  const std::string claim =
      "[matrix]\n\"model.size\" = [\"small\", \"full\"]\n[[claim]]\ncandidate = \"small\"\nreference = "
      "\"full\"\n"
      "metric = \"miou\"\nbetter_by = 0.1\n";
  const Study study = folder.load(claim + "images = \"hard.txt\"\nimages_covered = [0, 0.5]\n");
  EXPECT_EQ(study.claims.at(0).at("images"), Json({"a", "b"})) << "what the file holds is kept";
  EXPECT_EQ(study.claims.at(0).at("images_covered"), Json({0.0, 0.5}));
  EXPECT_FALSE(study.claims.at(0).contains("images_like")) << "seals of older files stay";
  EXPECT_EQ(load_study(folder.write("again.toml", resolved_toml(study))).claims.at(0).at("images"),
            Json({"a", "b"}));
}

TEST(Study, KeepsTheIdsOfVariants) {
  EXPECT_THAT(ids(load_study(experiments() / "valid/sizes.toml")),
              ElementsAre("76aeb871b7f48f60", "d64cfba5fe0487dc", "fd8507115e20d7a9"));
}

TEST(Study, IntegersAndNumbersMakeTheSameVariant) {
  const Folder folder;
  const auto id = [&](const std::string& text) { return folder.load(text).variants[0].id; };
  EXPECT_EQ(id("model.width = 1"), id("model.width = 1.0"));
  EXPECT_EQ(id("training.optimizer.momentum = 0"), id("training.optimizer.momentum = -0.0"));
  EXPECT_EQ(id("training.loss.class_weights = [1, 2, 3]"), id("training.loss.class_weights = [1.0, 2.0, 3]"));
  EXPECT_EQ(id("training.augment = [\"fake_flip\"]"),
            id("training.augment = [{ name = \"fake_flip\", probability = 0.5 }]"));
  EXPECT_NE(id("model.width = 1"), id("model.width = 2"));
}

TEST(Study, RootIsRelativeToItsFileAndNoPartOfTheIdentity) {
  const Folder folder;
  const char* text = "[data]\nkind = \"fake_streets\"\nroot = \"${SEGBENCH_TEST_ROOT:-./streets/}\"\n";
  ::unsetenv("SEGBENCH_TEST_ROOT");
  const Study here = folder.load(text);
  EXPECT_EQ(here.variants[0].config.data.root, (here.file.parent_path() / "streets").string());
  ::setenv("SEGBENCH_TEST_ROOT", "/else/where", 1);
  const Study elsewhere = folder.load(text);
  ::unsetenv("SEGBENCH_TEST_ROOT");
  EXPECT_EQ(elsewhere.variants[0].config.data.root, "/else/where");
  EXPECT_EQ(here.variants[0].id, elsewhere.variants[0].id);
  const Study given = folder.load(text, {"data.root=streets"});
  EXPECT_EQ(given.variants[0].config.data.root, (std::filesystem::current_path() / "streets").string());
  const Study literal = folder.load(text, {"data.root=/a/$${X}"});
  EXPECT_EQ(literal.variants[0].config.data.root, "/a/${X}");
}

TEST(Study, ReadsWindowsLineEndsAndAByteOrderMark) {
  const Folder folder;
  const std::string text =
      "\xEF\xBB\xBFschema = 1\r\nname = \"w\"\r\n[data]\r\nkind = \"fake_blobs\"\r\n[model]\r\narchitecture "
      "= "
      "\"fake_flat\"\r\n[training]\r\nepochs = 1\r\nbatch_size = 1\r\nloss = \"fake_entropy\"\r\noptimizer = "
      "\"fake_adaptive\"\r\n";
  EXPECT_EQ(folder.problems(text), "");
  EXPECT_THAT(
      folder.problems(text + "[run]\r\njobs = 0\r\n"),
      HasSubstr("study.toml:13:8: run.jobs must be an integer from 1 to 1024, or one of auto, but is 0"));
}

TEST(Study, RefusesNamesOfOurOwnFiles) {
  const Folder folder;
  for (const char* name : {"cache", "results.sqlite", "results.sqlite-wal", "results.sqlite-shm"}) {
    EXPECT_THAT(folder.problems(fmt::format("schema = 1\nname = \"{}\"\n", name)),
                HasSubstr("a name that Segbench does not use itself"))
        << name;
  }
}

TEST(Study, RefusesWhatIsNoText) {
  const Folder folder;
  EXPECT_THAT(folder.problems("name = \"\xFF\""),
              HasSubstr("study.toml:1:8: invalid TOML: Encountered invalid utf-8"));
  EXPECT_THAT(folder.problems(std::string("\xFF\xFEn\0a\0", 6)), HasSubstr("study.toml:1:1: invalid TOML"));
  EXPECT_THAT(folder.problems(std::string("a\0b = 1", 7)), HasSubstr("invalid TOML"));
}

TEST(Study, SurvivesEndlessNesting) {
  const Folder folder;
  std::string dots = "a", braces, headers = "[a";
  for (int i = 0; i < 100'000; ++i) dots += ".a", headers += ".a";
  for (int i = 0; i < 100'000; ++i) braces += "[";
  EXPECT_THAT(folder.problems("x = 1\n" + dots + " = 1"),
              HasSubstr("study.toml:2: nested more than 32 levels deep"));
  EXPECT_THAT(folder.problems(headers + "]"), HasSubstr("nested more than 32 levels deep"));
  EXPECT_THAT(folder.problems("a = " + braces), HasSubstr("nested more than 32 levels deep"));
  EXPECT_THAT(folder.problems("a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s.t.u.v.w.x.y.z.a.b.c.d.e.f.g.h.i = 1"),
              HasSubstr("nested more than 32 levels deep"));
  const std::string sentences(200, '.');
  EXPECT_EQ(folder.load("question = \"" + sentences + "\"").question, sentences);
}

TEST(Study, SaysWhichFileIsMissing) {
  const Folder folder;
  const auto what = [](const std::filesystem::path& file) -> std::string {
    try {
      load_study(file);
    } catch (const core::UserError& error) {
      EXPECT_EQ(error.exit_code(), core::kUsage);
      return error.what();
    }
    return {};
  };
  EXPECT_THAT(what("no/such.toml"), StartsWith("no/such.toml: does not exist"));
  EXPECT_THAT(what("/"), HasSubstr("is a folder"));
  EXPECT_THAT(what(folder.write("empty.toml", "")), HasSubstr("schema is missing"));
}

}  // namespace
}  // namespace segbench::study
