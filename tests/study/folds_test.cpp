// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/study/load.h"

// Folds of a cross-validation as an axis.

namespace segbench::study {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kFolds = "[data]\nfolds = 3\nsplits = { test = 0.3 }\n";

TEST(FoldAxis, IsPairedLikeASeed) {
  const Folder folder;
  const Study study =
      folder.load(std::string(kFolds) +
                  "[trials]\nseeds = [4, 5]\n[matrix]\n\"data.fold\" = [0, 2]\n\"model.size\" = "
                  "[\"small\", \"medium\"]\n");
  EXPECT_THAT(study.seeds, ElementsAre(12, 14, 15, 17));
  ASSERT_EQ(study.variants.size(), 2U);
  for (const core::Variant& variant : study.variants) {
    EXPECT_FALSE(variant.config.data.fold);
    EXPECT_EQ(core::fold_of(variant.config.data, study.seeds[0]), 0);
    EXPECT_EQ(core::fold_of(variant.config.data, study.seeds[1]), 2);
    EXPECT_FALSE(variant.axes.contains("data.fold"));
  }
}

TEST(FoldAxis, MayBeTheOnlyOne) {
  const Folder folder;
  const Study study =
      folder.load(std::string(kFolds) + "[trials]\nseeds = [1]\n[matrix]\n\"data.fold\" = [0, 1, 2]\n");
  EXPECT_THAT(study.seeds, ElementsAre(3, 4, 5));
  EXPECT_EQ(study.variants.size(), 1U);
}

TEST(FoldAxis, BelongsToVariantsWhereTheNumberOfFoldsDoes) {
  const Folder folder;
  const Study study = folder.load(
      "[data]\nsplits = { test = 0.3 }\n[trials]\nseeds = [1]\n[matrix]\n\"data.folds\" = [3, 4]\n"
      "\"data.fold\" = [0, 1]\n");
  EXPECT_THAT(study.seeds, ElementsAre(1));
  EXPECT_EQ(study.variants.size(), 4U);
}

TEST(FoldAxis, IsCheckedLikeAnyOther) {
  const Folder folder;
  const auto problem = [&](const std::string& text) {
    try {
      folder.load(text);
    } catch (const core::UserError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_THAT(problem(std::string(kFolds) + "[matrix]\n\"data.fold\" = [0, 3]\n"),
              HasSubstr("data.fold must be from 0 to 2 with data.folds = 3, but is 3"));
  EXPECT_THAT(problem(std::string(kFolds) + "[matrix]\n\"data.fold\" = [1, 1]\n"),
              HasSubstr("data.fold lists 1 twice"));
}

}  // namespace
}  // namespace segbench::study
