// SPDX-License-Identifier: MIT
#include "harness/study/search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "harness/study/resolved.h"
#include "tests/study/load.h"

// [search]: which values are drawn, and that the same ones are drawn again.

namespace segbench::study {
namespace {

using core::Json;
using testing::ElementsAre;
using testing::HasSubstr;

const std::string kSpace = R"(
[search.space]
"training.optimizer.learning_rate" = { log_uniform = [1e-4, 1e-1] }
"training.batch_size" = { integer = [2, 9] }
"training.optimizer.momentum" = { uniform = [0.5, 0.9] }
"model.size" = { choice = ["small", "medium", "full"] }
)";

std::string search(const std::string& settings) {
  return "[trials]\nseeds = [1]\n[search]\n" + settings + kSpace;
}

std::vector<std::string> labels_of(const Study& study) {
  std::vector<std::string> labels;
  for (const core::Variant& variant : study.variants) labels.push_back(variant.label);
  return labels;
}

double rate_of(const core::Variant& variant) {
  return variant.config.training.optimizer.params.at("learning_rate");
}

TEST(Search, DrawsVariantsWithinTheirRanges) {
  const Study study = Folder().load(search("method = \"random\"\ntrials = 80\n"));
  ASSERT_EQ(study.variants.size(), 80U);
  ASSERT_TRUE(study.search);
  EXPECT_EQ(study.search->draws, 80U);
  std::map<std::string, int> sizes;
  std::map<std::int64_t, int> batches;
  int low_rates = 0;
  for (const core::Variant& variant : study.variants) {
    const double rate = rate_of(variant), momentum = variant.config.training.optimizer.params.at("momentum");
    EXPECT_GE(rate, 1e-4);
    EXPECT_LE(rate, 1e-1);
    EXPECT_GE(momentum, 0.5);
    EXPECT_LE(momentum, 0.9);
    EXPECT_DOUBLE_EQ(rate, std::stod(fmt::format("{:.3e}", rate))) << "four digits";
    low_rates += rate < std::sqrt(1e-5) ? 1 : 0;
    ++sizes[variant.config.model.size];
    ++batches[variant.config.training.batch_size];
    EXPECT_EQ(variant.axes.size(), 4U);
  }
  // Binomial(80, p): five standard deviations around the mean.
  EXPECT_NEAR(low_rates, 40, 23);
  ASSERT_EQ(sizes.size(), 3U);
  for (const auto& [size, count] : sizes) EXPECT_NEAR(count, 26.7, 22) << size;
  ASSERT_EQ(batches.size(), 8U);
  for (const auto& [batch, count] : batches) EXPECT_NEAR(count, 10, 15) << batch;
  EXPECT_EQ(batches.begin()->first, 2);
  EXPECT_EQ(batches.rbegin()->first, 9);
}

TEST(Search, DrawsTheSameFromTheSameSeed) {
  const Folder folder;
  const auto drawn = [&](const std::string& settings) { return labels_of(folder.load(search(settings))); };
  for (const std::string method : {"random", "sobol"}) {
    const std::string wanted = "method = \"" + method + "\"\ntrials = 5\n";
    const auto first = drawn(wanted);
    EXPECT_EQ(drawn(wanted), first);
    EXPECT_NE(drawn(wanted + "seed = 2\n"), first);
    auto more = drawn("method = \"" + method + "\"\ntrials = 9\n");
    more.resize(5);
    EXPECT_EQ(more, first) << "a larger budget goes on where the smaller one ended";
  }
}

/// Frozen: results of a search stand under these variants.
TEST(Search, DrawsWhatItDrewBefore) {
  const Study random = Folder().load(search("method = \"random\"\ntrials = 2\n"));
  const Study sobol = Folder().load(search("method = \"sobol\"\ntrials = 2\n"));
  EXPECT_THAT(labels_of(random), ElementsAre("lr=0.02892 batch_size=5 momentum=0.5186 small",
                                             "lr=0.001913 batch_size=7 momentum=0.7548 full"));
  EXPECT_THAT(labels_of(sobol), ElementsAre("lr=0.03036 batch_size=7 momentum=0.8347 medium",
                                            "lr=0.0009602 batch_size=3 momentum=0.6347 full"));
}

/// Shifted digitally, a net stays a net: 2^k points fill each of 2^k equal pieces of each range once.
TEST(Search, SobolDrawsFillEveryRangeEvenly) {
  SearchTable table;
  table.search.method = "sobol";
  table.search.trials = 64;
  for (int i = 0; i < 7; ++i)
    table.space.push_back({.key = fmt::format("data.x{}", i), .kind = "uniform", .low = 0, .high = 1});
  const auto draws = draw_values(table, 1);
  ASSERT_EQ(draws.size(), 64U);
  for (std::size_t range = 0; range < table.space.size(); ++range) {
    std::set<int> pieces;
    for (const auto& draw : draws) pieces.insert(static_cast<int>(draw[range].scalar.get<double>() * 64));
    EXPECT_EQ(pieces.size(), 64U) << range;
  }
  std::map<std::pair<int, int>, int> cells;
  for (const auto& draw : draws)
    ++cells[{static_cast<int>(draw[0].scalar.get<double>() * 8),
             static_cast<int>(draw[1].scalar.get<double>() * 8)}];
  EXPECT_EQ(cells.size(), 64U) << "the first two dimensions are a (0, 6, 2)-net";
}

TEST(Search, ASettingFixedByAnOverrideLeavesTheOthersTheirDraws) {
  const Folder folder;
  const std::string text = search("method = \"random\"\ntrials = 5\n");
  const Study study = folder.load(text), fixed = folder.load(text, {"training.batch_size=7"});
  ASSERT_EQ(fixed.variants.size(), 5U);
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(fixed.variants[i].config.training.batch_size, 7);
    EXPECT_EQ(rate_of(fixed.variants[i]), rate_of(study.variants[i]));
    EXPECT_EQ(fixed.variants[i].config.model.size, study.variants[i].config.model.size);
  }
}

const std::string kWithin = R"(
[trials]
seeds = [1]
[search]
method = "random"
trials = 30
[search.space]
"training.optimizer" = { choice = [
  { name = "fake_adaptive", learning_rate = 1.0 },
  { name = "fake_descent", learning_rate = 1.0, momentum = { uniform = [0.5, 0.9] } } ] }
"model" = { choice = [{ size = "small", width = { log_uniform = [0.1, 1] } }, { size = "full" }] }
)";

TEST(Search, DrawsRangesWithinAChoiceWhereItIsChosen) {
  const Study study = Folder().load(kWithin);
  std::set<double> momenta, widths;
  for (const core::Variant& variant : study.variants) {
    const core::PartChoice& optimizer = variant.config.training.optimizer;
    EXPECT_EQ(variant.axes.contains("training.optimizer.momentum"), optimizer.name == "fake_descent");
    if (optimizer.name == "fake_descent") momenta.insert(optimizer.params.at("momentum").get<double>());
    if (variant.config.model.size == "small") widths.insert(variant.config.model.width);
    if (variant.config.model.size == "full") {
      EXPECT_EQ(variant.config.model.width, 1.0);
    }
  }
  EXPECT_GT(momenta.size(), 5U);
  EXPECT_GE(*momenta.begin(), 0.5);
  EXPECT_LE(*momenta.rbegin(), 0.9);
  EXPECT_GT(widths.size(), 5U);
  ASSERT_EQ(study.search->space.size(), 4U) << "with those within";
  EXPECT_EQ(study.search->space[1].at("key"), "training.optimizer.momentum");
  EXPECT_EQ(study.search->space[1].at("within"), "training.optimizer");
}

TEST(Search, ChoosesWholePartsAndSettingsBelowThem) {
  const Study study = Folder().load(R"(
[trials]
seeds = [1]
[search]
method = "random"
trials = 10
[search.space]
"training.optimizer" = { choice = ["fake_adaptive", { name = "fake_descent", learning_rate = 1.0, momentum = 0.1 }] }
"training.optimizer.learning_rate" = { log_uniform = [1e-3, 1e-2] }
)");
  std::set<std::string> names;
  for (const core::Variant& variant : study.variants) {
    names.insert(variant.config.training.optimizer.name);
    EXPECT_LE(rate_of(variant), 1e-2) << "the setting below the part is laid over it";
  }
  EXPECT_EQ(names.size(), 2U);
}

TEST(Search, ASmallSpaceHasNoMoreDrawsThanValues) {
  const Study study = Folder().load(
      "[trials]\nseeds = [1]\n[search]\nmethod = \"random\"\ntrials = 40\n[search.space]\n"
      "\"model.size\" = { choice = [\"small\", \"full\"] }\n\"training.batch_size\" = { integer = [4, 6] "
      "}\n");
  EXPECT_EQ(study.variants.size(), 6U);
  EXPECT_EQ(study.search->draws, 6U);
}

TEST(Search, BudgetsTrialsSoThatADrawTakesOneASeed) {
  const Study study =
      Folder().load("[trials]\nseeds = [1, 2, 3]\n[search]\nmethod = \"random\"\ntrials = 11\n" + kSpace);
  EXPECT_EQ(study.variants.size(), 3U);
}

TEST(Search, VariantsStandBesideTheDraws) {
  const std::string text = search("method = \"sobol\"\ntrials = 4\n") +
                           "[[variant]]\nlabel = \"as published\"\ntraining.batch_size = 99\n"
                           "training.optimizer = { name = \"fake_adaptive\" }\n";
  const Study study = Folder().load(text);
  ASSERT_EQ(study.variants.size(), 5U);
  EXPECT_EQ(study.search->draws, 4U);
  EXPECT_EQ(study.variants[4].label, "as published");
}

TEST(Search, TakesThePlaceOfAnInheritedMatrixAndTheOtherWayRound) {
  const Folder folder;
  folder.write("matrix.toml", "extends = \"$BASE\"\n[matrix]\n\"training.epochs\" = [3, 4, 5]\n");
  const std::filesystem::path searching = folder.write(
      "search.toml", "extends = \"matrix.toml\"\n" + search("method = \"random\"\ntrials = 2\n"));
  EXPECT_EQ(load_study(searching).variants.size(), 2U);
  const Study study = load_study(
      folder.write("again.toml", "extends = \"search.toml\"\n[matrix]\n\"training.epochs\" = [3, 4, 5]\n"));
  EXPECT_EQ(study.variants.size(), 3U);
  EXPECT_FALSE(study.search);
}

TEST(Search, TheResolvedFormDrawsTheSame) {
  const Folder folder;
  const std::string baseline =
      "[[variant]]\nlabel = \"as published\"\ntraining.batch_size = 99\ntraining.epochs = 3\n"
      "training.optimizer = { name = \"fake_adaptive\" }\n";
  for (const std::string& text :
       {search("method = \"random\"\ntrials = 6\nseed = 5\nhours = 2.5\n"),
        search("method = \"sobol\"\ntrials = 6\n"),
        search("method = \"halving\"\ntrials = 6\nmin_epochs = 1\nreduction = 2\n"), kWithin}) {
    const Study study = folder.load(text + baseline);
    const Study again = load_study(folder.write("resolved.toml", resolved_toml(study)));
    ASSERT_EQ(again.variants.size(), study.variants.size());
    for (std::size_t i = 0; i < study.variants.size(); ++i) {
      EXPECT_EQ(again.variants[i].id, study.variants[i].id) << study.variants[i].label;
      EXPECT_EQ(again.variants[i].label, study.variants[i].label);
    }
    EXPECT_EQ(to_json(*again.search), to_json(*study.search));
    EXPECT_EQ(resolved_json(again).at("search"), resolved_json(study).at("search"));
  }
  EXPECT_FALSE(resolved_json(folder.load("")).contains("search"));
}

TEST(Search, AHalvingDecidesAfterAGeometricSeriesOfEpochs) {
  const Folder folder;
  const auto rungs = [&](const std::string& epochs, const std::string& settings) {
    return folder.load(search("method = \"halving\"\ntrials = 6\n" + settings), {"training.epochs=" + epochs})
        .search->rungs;
  };
  EXPECT_THAT(rungs("27", "min_epochs = 1\n"), ElementsAre(1, 3, 9, 27));
  EXPECT_THAT(rungs("20", "min_epochs = 2\nreduction = 4\n"), ElementsAre(2, 8, 20));
}

std::string refusal(const std::string& text) {
  return Folder().problems("extends = \"$BASE\"\n" + text);
}

TEST(Search, RefusesWhatCannotBeSearched) {
  EXPECT_THAT(refusal("[search]\nmethod = \"halving\"\ntrials = 9\n" + kSpace),
              HasSubstr("search.min_epochs is missing"));
  EXPECT_THAT(refusal("[search]\nmethod = \"halving\"\ntrials = 9\nmin_epochs = 2\n" + kSpace),
              HasSubstr("search.min_epochs is 2, but must be below training.epochs, which is 2"));
  EXPECT_THAT(
      refusal("training.epochs = 9\ntraining.evaluate_every = 3\n[search]\nmethod = \"halving\"\ntrials = 9\n"
              "min_epochs = 1\n" +
              kSpace),
      HasSubstr("multiples of training.evaluate_every, which is 3"));
  EXPECT_THAT(refusal("[search]\nmethod = \"halving\"\ntrials = 9\nmin_epochs = 1\n[search.space]\n"
                      "\"training.epochs\" = { integer = [2, 9] }\n"),
              HasSubstr("the same training.epochs for all draws"));
  EXPECT_THAT(refusal("[search]\nmethod = \"random\"\ntrials = 9\nmin_epochs = 2\n" + kSpace),
              HasSubstr("search.min_epochs has no effect without method = \"halving\""));
  EXPECT_THAT(
      refusal("training.select_by = \"loss\"\n[search]\nmethod = \"random\"\ntrials = 9\n[search.space]\n"
              "\"training.loss.class_weights\" = { choice = [\"none\", \"inverse\"] }\n"),
      HasSubstr("draws with other losses cannot be compared by training.select_by = \"loss\""));
  EXPECT_THAT(
      refusal("[trials]\ncount = 5\nuntil = \"decided\"\n[search]\nmethod = \"random\"\ntrials = 9\n" +
              kSpace),
      HasSubstr("[search] and trials.until exclude each other"));
  EXPECT_THAT(refusal("[search]\nmethod = \"random\"\ntrials = 2\n" + kSpace),
              HasSubstr("search.trials is 2, but every draw takes 3, one a seed"));
  EXPECT_THAT(
      refusal("[matrix]\n\"training.epochs\" = [1, 2]\n[search]\nmethod = \"random\"\ntrials = 9\n" + kSpace),
      HasSubstr("[matrix] and [search] exclude each other"));
  EXPECT_THAT(
      refusal(
          "[search]\nmethod = \"random\"\ntrials = 9\n[search.space]\n\"training.select_by\" = { choice = "
          "[\"miou\", \"loss\"] }\n"),
      HasSubstr("training.select_by cannot be searched"));
  EXPECT_THAT(refusal("[search]\nmethod = \"random\"\ntrials = 9\n[search.space]\n"),
              HasSubstr("search.space has no range"));
  EXPECT_THAT(refusal("[search]\nmethod = \"random\"\ntrials = 9\n[search.space]\n"
                      "\"training\" = { choice = [{ select_by = \"miou\" }, { select_by = \"loss\" }] }\n"),
              HasSubstr("training.select_by cannot be searched"))
      << "nor within a choice";
  EXPECT_THAT(refusal("[search]\nmethod = \"random\"\ntrials = 9\n[search.space]\n"
                      "\"training\" = { choice = [{ \"optimizer.momentum\" = { uniform = [0, 1] } }] }\n"),
              HasSubstr("unknown key \"optimizer.momentum\" in [training]"));
  EXPECT_THAT(
      refusal("[search]\nmethod = \"random\"\ntrials = 9\n[search.space]\n"
              "\"model\" = { choice = [{ width = { uniform = [1, 0.5] } }] }\n"),
      HasSubstr("search.space: model.width.uniform must be two numbers [low, high], the first one smaller"));
  EXPECT_THAT(refusal("[search]\nmethod = \"random\"\ntrials = 9\n[search.space]\n"
                      "\"model\" = { choice = [{ width = { uniform = [0.5, 1] } }] }\n"
                      "\"model.width\" = { uniform = [1, 2] }\n"),
              HasSubstr("model.width is drawn twice: within a choice of model, and by itself"));
  EXPECT_THAT(
      refusal(
          "[search]\nmethod = \"random\"\ntrials = 9\n[search.space]\n"
          "\"training\" = { choice = [{ optimizer = { choice = [{ momentum = { uniform = [0, 1] } }] } }] }\n"
          "\"training.optimizer.momentum\" = { uniform = [0, 1] }\n"),
      HasSubstr("drawn twice: within a choice of training.optimizer, and by itself"));
}

}  // namespace
}  // namespace segbench::study
