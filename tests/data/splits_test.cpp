// SPDX-License-Identifier: MIT
#include "harness/data/audit/splits.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace segbench::data {
namespace {

core::SplitRule official(std::string name) {
  return {.official = {std::move(name)}, .fraction = std::nullopt};
}
core::SplitRule fraction(double value) {
  return {.official = {}, .fraction = value};
}

core::DataConfig config_of(core::SplitRule train, core::SplitRule selection, core::SplitRule test,
                           std::uint64_t seed = 0) {
  core::DataConfig config;
  config.train = std::move(train), config.selection = std::move(selection), config.test = std::move(test);
  config.split_seed = seed;
  return config;
}

Catalogue catalogue_of(int samples, const std::string& split = "all") {
  CatalogueBuilder builder;
  for (int i = 0; i < samples; ++i) builder.add(split, {fmt::format("s{:03}", i), "", ""});
  return std::move(builder).build();
}

SplitFacts distinct_images(int samples) {
  SplitFacts facts;
  for (int i = 0; i < samples; ++i) facts.image_sha256.push_back(fmt::format("hash{}", i));
  return facts;
}

TEST(DrawSplits, FractionsAreSharesOfTheWholePoolAndDisjoint) {
  const auto [splits, findings] = draw_splits(
      catalogue_of(100), config_of(official("all"), fraction(0.2), fraction(0.15)), distinct_images(100));
  EXPECT_TRUE(findings.empty());
  EXPECT_EQ(splits.train.size(), 65U);
  EXPECT_EQ(splits.selection.size(), 20U);
  EXPECT_EQ(splits.test.size(), 15U);
  std::vector<std::int64_t> all = splits.train;
  all.insert(all.end(), splits.selection.begin(), splits.selection.end());
  all.insert(all.end(), splits.test.begin(), splits.test.end());
  std::sort(all.begin(), all.end());
  for (std::int64_t i = 0; i < 100; ++i) EXPECT_EQ(all[static_cast<std::size_t>(i)], i);
  EXPECT_TRUE(std::is_sorted(splits.train.begin(), splits.train.end()));
}

TEST(DrawSplits, DependOnTheSeedAndOnNothingElse) {
  const auto draw = [](std::uint64_t seed, double selection) {
    return draw_splits(catalogue_of(60), config_of(official("all"), fraction(selection), fraction(0.2), seed),
                       distinct_images(60))
        .splits;
  };
  EXPECT_EQ(draw(1, 0.2).selection, draw(1, 0.2).selection);
  EXPECT_NE(draw(1, 0.2).test, draw(2, 0.2).test);
  EXPECT_EQ(draw(1, 0.2).test, draw(1, 0.4).test);  // the test split comes first
  // A further sample moves no other one but at the border.
  const core::Splits more =
      draw_splits(catalogue_of(61), config_of(official("all"), fraction(0.2), fraction(0.2), 1),
                  distinct_images(61))
          .splits;
  std::vector<std::int64_t> common;
  const core::Splits before = draw(1, 0.2);
  std::set_intersection(before.test.begin(), before.test.end(), more.test.begin(), more.test.end(),
                        std::back_inserter(common));
  EXPECT_GE(common.size(), before.test.size() - 1);
}

TEST(DrawSplits, KeepEqualImagesTogether) {
  SplitFacts facts = distinct_images(40);
  for (std::size_t i = 0; i < 40; i += 2) facts.image_sha256[i] = facts.image_sha256[i + 1];
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const core::Splits splits =
        draw_splits(catalogue_of(40), config_of(official("all"), fraction(0.3), fraction(0.3), seed), facts)
            .splits;
    EXPECT_EQ(splits.test.size(), 12U);
    for (const auto* split : {&splits.train, &splits.selection, &splits.test}) {
      for (const std::int64_t sample : *split) {
        EXPECT_TRUE(std::binary_search(split->begin(), split->end(), sample ^ 1)) << sample << " is alone";
      }
    }
  }
}

TEST(DrawSplits, OfficialNamesAreJoined) {
  CatalogueBuilder builder;
  for (int i = 0; i < 6; ++i)
    builder.add(i < 3 ? "train" : i < 5 ? "val" : "test", {fmt::format("s{}", i), "", ""});
  const Catalogue catalogue = std::move(builder).build();
  const core::SplitRule both{.official = {"train", "val"}, .fraction = std::nullopt};
  const core::Splits splits =
      draw_splits(catalogue, config_of(both, official("val"), official("test")), distinct_images(6)).splits;
  EXPECT_EQ(splits.train, (std::vector<std::int64_t>{0, 1, 2, 3, 4}));
  EXPECT_EQ(splits.selection, (std::vector<std::int64_t>{3, 4}));
  EXPECT_EQ(splits.test, (std::vector<std::int64_t>{5}));
}

TEST(DrawSplits, AutoTakesWhatThereIs) {
  const core::DataConfig config = config_of(official("auto"), official("auto"), official("auto"));
  const core::Splits drawn = draw_splits(catalogue_of(100), config, distinct_images(100)).splits;
  EXPECT_EQ(drawn.test.size(), 15U);
  EXPECT_EQ(drawn.selection.size(), 15U);
  EXPECT_EQ(drawn.train.size(), 70U);
  CatalogueBuilder builder;
  for (int i = 0; i < 40; ++i) builder.add(i < 30 ? "train" : "val", {fmt::format("s{:02}", i), "", ""});
  const core::Splits mixed = draw_splits(std::move(builder).build(), config, distinct_images(40)).splits;
  EXPECT_EQ(mixed.selection.size(), 10U);  // val
  EXPECT_EQ(mixed.test.size(), 5U);        // round(0.15 * 30) out of train
  EXPECT_EQ(mixed.train.size(), 25U);
}

TEST(DrawSplits, TrainMustBeOfficial) {
  const SplitDraw drawn = draw_splits(
      catalogue_of(10), config_of(fraction(0.5), fraction(0.2), fraction(0.2)), distinct_images(10));
  ASSERT_EQ(drawn.findings.size(), 1U);
  EXPECT_TRUE(drawn.findings[0].refuses);
}

/// 16 views of each of so many cars.
SplitFacts views_of_cars(int samples) {
  SplitFacts facts = distinct_images(samples);
  for (int i = 0; i < samples; ++i) facts.groups.push_back(fmt::format("car{}", i / 16));
  return facts;
}

std::set<std::string> groups_in(const SplitFacts& facts, const std::vector<std::int64_t>& split) {
  std::set<std::string> groups;
  for (const std::int64_t sample : split) groups.insert(facts.groups[static_cast<std::size_t>(sample)]);
  return groups;
}

TEST(DrawSplits, NeverTearAGroupApart) {
  const SplitFacts facts = views_of_cars(160);
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const core::Splits splits =
        draw_splits(catalogue_of(160), config_of(official("all"), fraction(0.2), fraction(0.1), seed), facts)
            .splits;
    EXPECT_EQ(splits.test.size(), 16U);
    EXPECT_EQ(splits.selection.size(), 32U);
    EXPECT_EQ(groups_in(facts, splits.test).size() + groups_in(facts, splits.selection).size() +
                  groups_in(facts, splits.train).size(),
              10U);
  }
}

TEST(DrawSplits, TakeTheSmallestGroupWhereNoneFits) {
  const SplitFacts facts = views_of_cars(40);  // of 16, 16 and 8 views
  const core::Splits splits =
      draw_splits(catalogue_of(40), config_of(official("all"), fraction(0.1), fraction(0.1)), facts).splits;
  EXPECT_EQ(splits.test.size(), 8U);
  EXPECT_EQ(splits.selection.size(), 16U);
  EXPECT_EQ(splits.train.size(), 16U);
}

core::Splits fold_splits(const SplitFacts& facts, int samples, std::int64_t folds, std::int64_t fold,
                         bool stratify = false) {
  core::DataConfig config = config_of(official("all"), fraction(0.2), fraction(0.5));
  config.folds = folds;
  config.fold = fold;
  config.stratify = stratify;
  return draw_splits(catalogue_of(samples), config, facts).splits;
}

TEST(DrawSplits, FoldsTestEverySampleOnce) {
  for (const bool grouped : {false, true}) {
    const int samples = grouped ? 160 : 23;
    const SplitFacts facts = grouped ? views_of_cars(samples) : distinct_images(samples);
    std::vector<std::int64_t> tested;
    for (std::int64_t fold = 0; fold < 5; ++fold) {
      const core::Splits splits = fold_splits(facts, samples, 5, fold);
      EXPECT_GE(splits.test.size(), static_cast<std::size_t>(samples / 5));
      EXPECT_LE(splits.test.size(), static_cast<std::size_t>(samples / 5 + 1));
      EXPECT_EQ(splits.train.size() + splits.selection.size() + splits.test.size(),
                static_cast<std::size_t>(samples));
      EXPECT_FALSE(splits.selection.empty());
      tested.insert(tested.end(), splits.test.begin(), splits.test.end());
      if (grouped) {
        EXPECT_EQ(groups_in(facts, splits.test).size(), 2U);
        EXPECT_EQ(groups_in(facts, splits.selection).size() + groups_in(facts, splits.train).size(), 8U);
      }
    }
    std::sort(tested.begin(), tested.end());
    ASSERT_EQ(tested.size(), static_cast<std::size_t>(samples));
    for (std::int64_t i = 0; i < samples; ++i) EXPECT_EQ(tested[static_cast<std::size_t>(i)], i);
  }
}

TEST(DrawSplits, AFoldTakesThePlaceOfSelectionWhereTestIsOfficial) {
  CatalogueBuilder builder;
  for (int i = 0; i < 30; ++i) builder.add(i < 20 ? "train" : "test", {fmt::format("s{:02}", i), "", ""});
  const Catalogue catalogue = std::move(builder).build();
  core::DataConfig config = config_of(official("train"), fraction(0.2), official("test"));
  config.folds = 4;
  config.fold = 3;
  const core::Splits splits = draw_splits(catalogue, config, distinct_images(30)).splits;
  EXPECT_EQ(splits.test.size(), 10U);
  EXPECT_EQ(splits.selection.size(), 5U);
  EXPECT_EQ(splits.train.size(), 15U);
  config.selection = official("test");
  const SplitDraw refused = draw_splits(catalogue, config, distinct_images(30));
  ASSERT_EQ(refused.findings.size(), 1U);
  EXPECT_TRUE(refused.findings[0].refuses);
}

/// One sample in ten shows the rare class 1; all show class 0.
SplitFacts rare_class(int samples) {
  SplitFacts facts = distinct_images(samples);
  for (int i = 0; i < samples; ++i) facts.shows.push_back({true, i % 10 == 3});
  return facts;
}

std::int64_t rare_in(const std::vector<std::int64_t>& split) {
  return std::count_if(split.begin(), split.end(), [](std::int64_t sample) { return sample % 10 == 3; });
}

TEST(DrawSplits, StratifiedKeepTheShareOfARareClass) {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    core::DataConfig config = config_of(official("all"), fraction(0.2), fraction(0.2), seed);
    config.stratify = true;
    const core::Splits splits = draw_splits(catalogue_of(100), config, rare_class(100)).splits;
    EXPECT_EQ(splits.test.size(), 20U);
    EXPECT_EQ(splits.selection.size(), 20U);
    EXPECT_EQ(rare_in(splits.test), 2);
    EXPECT_EQ(rare_in(splits.selection), 2);
    EXPECT_EQ(rare_in(splits.train), 6);
  }
  for (std::int64_t fold = 0; fold < 5; ++fold)
    EXPECT_EQ(rare_in(fold_splits(rare_class(100), 100, 5, fold, true).test), 2);
}

TEST(DrawSplits, StratifiedGroupsLeaveNoSplitEmpty) {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    SplitFacts facts = views_of_cars(40);  // of 16, 16 and 8 views
    for (int i = 0; i < 40; ++i) facts.shows.push_back({true, i % 3 == 0});
    core::DataConfig config = config_of(official("all"), fraction(0.1), fraction(0.1), seed);
    config.stratify = true;
    const core::Splits splits = draw_splits(catalogue_of(40), config, facts).splits;
    EXPECT_FALSE(splits.test.empty());
    EXPECT_FALSE(splits.selection.empty());
    EXPECT_GE(splits.train.size(), 8U);
    EXPECT_EQ(groups_in(facts, splits.test).size(), 1U);
  }
}

}  // namespace
}  // namespace segbench::data
