// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/study/load.h"

// Inheritance, overrides, the matrix, excludes, variants, axes and labels.

namespace segbench::study {
namespace {

using core::Json;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(Extends, MergesTablesAndReplacesArraysAndScalars) {
  const Folder folder;
  folder.write("middle.toml",
               "extends = \"$BASE\"\nname = \"middle\"\n[training]\nepochs = 7\naugment = []\n");
  const std::filesystem::path file =
      folder.write("leaf.toml",
                   "extends = \"middle.toml\"\nname = \"leaf\"\n[training]\nbatch_size = "
                   "9\noptimizer.learning_rate = 0.5\n");
  const Study study = load_study(file);
  EXPECT_EQ(study.name, "leaf");
  EXPECT_EQ(study.question, "Is it read?");
  const core::TrainingConfig& training = study.variants.at(0).config.training;
  EXPECT_EQ(training.epochs, 7);
  EXPECT_EQ(training.batch_size, 9);
  EXPECT_TRUE(training.augment.empty());
  EXPECT_EQ(training.optimizer.params["learning_rate"], 0.5);
  EXPECT_EQ(training.optimizer.params["momentum"], 0.9);
  EXPECT_EQ(training.loss.params["class_weights"], "inverse");
}

TEST(Extends, AnotherPartReplacesTheInheritedOne) {
  const Folder folder;
  const auto optimizer = [&](const std::string& text) {
    return core::to_json(
        folder.load("[training]\noptimizer = " + text).variants.at(0).config.training.optimizer);
  };
  EXPECT_EQ(optimizer("{ name = \"fake_adaptive\" }")["learning_rate"], 0.001);
  EXPECT_EQ(optimizer("\"fake_adaptive\"")["name"], "fake_adaptive");
  EXPECT_EQ(optimizer("{ name = \"fake_descent\", learning_rate = 2 }")["momentum"], 0.9);
  EXPECT_EQ(optimizer("{ learning_rate = 2 }")["name"], "fake_descent");
}

TEST(Extends, SeedsAndCountTakeEachOthersPlace) {
  const Folder folder;
  folder.write("counted.toml", "extends = \"$BASE\"\ntrials.count = 2\n");
  const Study study =
      load_study(folder.write("seeded.toml", "extends = \"counted.toml\"\ntrials.seeds = [8, 9]\n"));
  EXPECT_THAT(study.seeds, ElementsAre(8, 9));
  EXPECT_THAT(folder.load("trials.seeds = [8, 9]", {"trials.count=2"}).seeds, ElementsAre(1, 2));
}

TEST(Set, OverridesWithTomlValuesAndBareWords) {
  const Folder folder;
  const Study study =
      folder.load("", {"training.epochs=5", "model.size = medium", "training.optimizer=fake_adaptive",
                       "training.augment=[]", "trials.seeds=[4]", "run.device=cpu", "name=other",
                       "data.splits={ selection = 0.5 }"});
  const core::VariantConfig& config = study.variants.at(0).config;
  EXPECT_EQ(config.training.epochs, 5);
  EXPECT_EQ(config.model.size, "medium");
  EXPECT_TRUE(config.training.augment.empty());
  EXPECT_EQ(config.data.selection.fraction, 0.5);
  EXPECT_THAT(study.seeds, ElementsAre(4));
  EXPECT_EQ(study.run.device, "cpu");
  EXPECT_EQ(study.name, "other");
  EXPECT_EQ(study.overrides.size(), 8U);
}

constexpr const char* kGrid =
    "[matrix]\n\"model.size\" = [\"small\", \"medium\"]\n\"training.epochs\" = [1, 2]\n";

TEST(Set, FixesAnAxisOfTheMatrix) {
  const Folder folder;
  EXPECT_THAT(labels(folder.load(kGrid, {"model.size=full"})), ElementsAre("epochs=1", "epochs=2"));
  EXPECT_THAT(labels(folder.load(kGrid, {"matrix.\"model.size\"=[\"small\"]"})),
              ElementsAre("epochs=1", "epochs=2"));
  EXPECT_THAT(labels(folder.load(kGrid, {"matrix.model.size=[\"full\", \"small\"]", "training.epochs=3"})),
              ElementsAre("full", "small"));
}

TEST(Set, WinsOverWhatAVariantOrAnAxisOfTablesSays) {
  const Folder folder;
  const Study study = folder.load(
      "[matrix]\n\"training.optimizer\" = [\"fake_adaptive\", { name = \"fake_descent\", learning_rate = 1 "
      "}]\n"
      "[[variant]]\ntraining.epochs = 50\n",
      {"training.epochs=3", "training.optimizer.learning_rate=0.25"});
  ASSERT_EQ(study.variants.size(), 3U);
  for (const core::Variant& variant : study.variants) {
    EXPECT_EQ(variant.config.training.epochs, 3);
    EXPECT_EQ(variant.config.training.optimizer.params["learning_rate"], 0.25);
  }
}

TEST(Set, DropsExcludesAndClaimsThatLoseTheirObject) {
  const Folder folder;
  const std::string text = std::string(kGrid) +
                           "[[matrix.exclude]]\n\"model.size\" = \"medium\"\n\"training.epochs\" = 2\n"
                           "[[claim]]\ncandidate = { \"model.size\" = \"medium\" }\n"
                           "reference = { \"model.size\" = \"small\", \"training.epochs\" = 1 }\n"
                           "metric = \"miou\"\nbetter_by = 0\n";
  EXPECT_EQ(folder.load(text).claims.size(), 1U);
  const Study study = folder.load(text, {"model.size=small"});
  EXPECT_EQ(study.variants.size(), 2U);
  EXPECT_TRUE(study.claims.empty());
}

TEST(Matrix, IsACrossProductInFileOrder) {
  const Folder folder;
  const Study study = folder.load(kGrid);
  EXPECT_THAT(labels(study),
              ElementsAre("small epochs=1", "small epochs=2", "medium epochs=1", "medium epochs=2"));
  EXPECT_EQ(study.variants[1].axes, Json({{"model.size", "small"}, {"training.epochs", 2}}));
  const Study turned =
      folder.load("[matrix]\ntraining.epochs = [1, 2]\nmodel.size = [\"small\", \"medium\"]\n");
  EXPECT_THAT(labels(turned),
              ElementsAre("epochs=1 small", "epochs=1 medium", "epochs=2 small", "epochs=2 medium"));
  EXPECT_EQ(turned.variants[1].id, study.variants[2].id);
}

TEST(Matrix, ExcludesCombinations) {
  const Folder folder;
  const std::string grid = kGrid;
  EXPECT_THAT(
      labels(folder.load(grid + "[[matrix.exclude]]\n\"model.size\" = \"small\"\n\"training.epochs\" = 1\n")),
      ElementsAre("small epochs=2", "medium epochs=1", "medium epochs=2"));
  EXPECT_THAT(labels(folder.load(grid + "[[matrix.exclude]]\nmodel.size = \"small\"\n[[matrix.exclude]]\n"
                                        "training.epochs = 2.0\n")),
              ElementsAre("fake_flat medium"));
}

TEST(Matrix, AnExcludedCombinationMayBeAContradiction) {
  const Folder folder;
  const std::string text =
      "data.resolution = [32, 32]\n[model]\narchitecture = \"fake_halving\"\n"
      "[matrix]\n\"model.depth\" = [5, 6]\n\"training.epochs\" = [1, 2]\n";
  EXPECT_THROW(folder.load(text), core::UserError);
  EXPECT_EQ(folder.load(text + "[[matrix.exclude]]\n\"model.depth\" = 6\n").variants.size(), 2U);
}

TEST(Matrix, AnAxisOfPartsReplacesTheInheritedOne) {
  const Folder folder;
  const Study study = folder.load(
      "[matrix]\n\"training.optimizer\" = [\n  { name = \"fake_descent\", learning_rate = 1e-3 },\n"
      "  { name = \"fake_descent\", learning_rate = 1e-3, momentum = 0.5 },\n  \"fake_adaptive\",\n]\n");
  EXPECT_THAT(labels(study), ElementsAre("fake_descent", "fake_descent momentum=0.5", "fake_adaptive"));
  EXPECT_EQ(study.variants[0].axes,
            Json({{"training.optimizer.name", "fake_descent"}, {"training.optimizer.momentum", 0.0}}));
  EXPECT_EQ(study.variants[2].axes, Json({{"training.optimizer.name", "fake_adaptive"}}));
}

TEST(Matrix, AnAxisOfTablesWithoutANameKeepsTheInheritedPart) {
  const Folder folder;
  const Study study = folder.load(
      "[matrix]\n\"training.optimizer\" = [{ momentum = 0.1 }, { momentum = 0.2, nesterov = true }]\n");
  EXPECT_THAT(labels(study), ElementsAre("momentum=0.1", "momentum=0.2 nesterov=true"));
  EXPECT_EQ(study.variants[1].config.training.optimizer.params["learning_rate"], 1e-3);
}

TEST(Matrix, AxesBelowAnAxisAreAppliedOnTopOfIt) {
  const Folder folder;
  const Study study = folder.load(
      "[matrix]\n\"training.optimizer.learning_rate\" = [1, 2]\n"
      "\"training.optimizer\" = [\"fake_adaptive\", \"fake_descent\"]\n");
  EXPECT_THAT(labels(study), ElementsAre("lr=1 fake_adaptive", "lr=1 fake_descent", "lr=2 fake_adaptive",
                                         "lr=2 fake_descent"));
}

TEST(Matrix, TakesAxesOfListsAndWholeSections) {
  const Folder folder;
  EXPECT_THAT(labels(folder.load(
                  "[matrix]\n\"data.resolution\" = [[32, 48], [64, 64]]\n"
                  "\"training.augment\" = [[], [\"fake_flip\", { name = \"fake_turn\", degrees = 3 }]]\n")),
              ElementsAre("32x48 no augment", "32x48 fake_flip+fake_turn", "64x64 no augment",
                          "64x64 fake_flip+fake_turn"));
  EXPECT_THAT(labels(folder.load(
                  "[matrix]\nmodel = [{ architecture = \"fake_flat\" }, { architecture = \"fake_halving\", "
                  "dropout = 0.5 }]\n")),
              ElementsAre("fake_flat", "fake_halving dropout=0.5"));
}

TEST(Variants, StandBesideTheMatrixOrAlone) {
  const Folder folder;
  const Study beside = folder.load(std::string(kGrid) + "[[variant]]\nmodel.size = \"full\"\n");
  EXPECT_THAT(labels(beside),
              ElementsAre("small epochs=1", "small epochs=2", "medium epochs=1", "medium epochs=2", "full"));
  const Study alone = folder.load(
      "[[variant]]\nlabel = \"as it is\"\n[[variant]]\n\"training.loss\" = \"fake_margin\"\n"
      "\"training.loss.margin\" = 2\n");
  EXPECT_THAT(labels(alone), ElementsAre("as it is", "fake_margin margin=2"));
  EXPECT_EQ(alone.variants[0].axes, Json({{"training.loss.name", "fake_entropy"}}));
}

TEST(Labels, AreUnique) {
  const Folder folder;
  // The same word from two axes, a label that another variant would have had, and parts that differ in what
  // they inherit.
  const Study twins = folder.load(
      "[matrix]\n\"training.augment\" = [[{ name = \"fake_flip\", probability = 0.1 }], "
      "[{ name = \"fake_flip\", probability = 0.2 }]]\n");
  EXPECT_NE(twins.variants[0].label, twins.variants[1].label);
  EXPECT_THAT(twins.variants[0].label, HasSubstr("0.1"));
  const Study taken = folder.load("[[variant]]\nlabel = \"medium\"\n[[variant]]\nmodel.size = \"medium\"\n");
  EXPECT_EQ(taken.variants[0].label, "medium");
  EXPECT_NE(taken.variants[1].label, "medium");
  const Study inherited = folder.load(
      "[[variant]]\nlabel = \"base\"\n[[variant]]\n\"training.optimizer\" = { name = "
      "\"fake_descent\", learning_rate = 1e-3, nesterov = true }\n");
  EXPECT_EQ(inherited.variants[1].axes, Json({{"training.optimizer.nesterov", true}}));
}

TEST(Labels, AxesTellVariantsApartEvenWhereTheKeysDoNot) {
  const Folder folder;
  const Study study = folder.load(
      "[[variant]]\n[[variant]]\n\"training.optimizer\" = \"fake_descent\"\n"
      "training.optimizer.learning_rate = 1e-3\n");
  ASSERT_EQ(study.variants.size(), 2U);
  EXPECT_EQ(study.variants[0].axes, Json({{"training.optimizer.momentum", 0.9}}));
  EXPECT_THAT(labels(study), ElementsAre("momentum=0.9", "momentum=0"));
}

}  // namespace
}  // namespace segbench::study
