// SPDX-License-Identifier: MIT
#include <algorithm>
#include <map>
#include <memory>

#include "harness/core/counts.h"
#include "harness/core/decode_cache.h"
#include "harness/core/files.h"
#include "harness/core/predictions.h"
#include "harness/core/study_file.h"
#include "harness/core/trial.h"
#include "harness/data/codecs/image_file.h"
#include "harness/run/runs_folder.h"
#include "tests/cli/run_command.h"
#include "tests/support/temporary_folder.h"

// Masks of a model from elsewhere, against truth that a study really prepared.

namespace segbench::tests {
namespace {

namespace fs = std::filesystem;
using core::Json;
using testing::HasSubstr, testing::Not;

constexpr const char* kShapesStudy = R"(schema = 1
name = "shapes"
[data]
kind = "shapes"
resolution = [24, 32]
train_images = 8
selection_images = 3
test_images = 5
[model]
architecture = "unet"
size = "small"
[training]
epochs = 1
batch_size = 4
loss = "cross_entropy"
optimizer = "adam"
[trials]
seeds = [1, 2]
)";

constexpr const char* kHeading =
    "schema = 1\nstudy = \"shapes\"\nlabel = \"theirs\"\nfrom = \"PyTorch, commit 1a2b\"\n";

class ImportPredictions : public testing::Test {
 protected:
  ImportPredictions() {
    core::write_file_atomically(folder_ / "shapes.toml", kShapesStudy);
    const CommandOutput prepared =
        run_command(cli::add_run, {runs(), "json", 0},
                    {"run", (folder_ / "shapes.toml").string(), "--prepare", "--quiet"});
    EXPECT_EQ(prepared.error, "");
    const fs::path trial = run::list_trials(runs(), "shapes").at(0).folder;
    spec_ = core::read_trial_spec(trial / core::kTrialFile);
    cache_ = std::make_unique<core::DecodeCache>(trial / spec_.cache);
  }

  fs::path runs() const { return folder_ / "runs"; }
  std::string id_of(std::int64_t index) const {
    return cache_->manifest().samples.at(static_cast<std::size_t>(index)).id;
  }
  fs::path mask_file(std::int64_t index) const {
    std::string name = id_of(index);
    std::replace(name.begin(), name.end(), '/', '_');
    return folder_ / "masks" / (name + ".png");
  }

  /// What the model predicts: the truth, but class 1 where every `wrong_every`-th pixel lies.
  std::vector<std::uint8_t> prediction_of(std::int64_t index, std::size_t wrong_every) const {
    const auto truth = cache_->labels(index);
    std::vector<std::uint8_t> labels(truth.begin(), truth.end());
    for (std::size_t i = 0; i < labels.size(); i += wrong_every) labels[i] = 1;
    return labels;
  }

  void write_mask(const fs::path& file, std::vector<std::uint8_t> labels, std::int64_t scale = 1) const {
    const std::int64_t height = cache_->manifest().height, width = cache_->manifest().width;
    data::Image image{.height = height * scale, .width = width * scale, .channels = 1, .pixels = {}};
    for (std::int64_t y = 0; y < image.height; ++y) {
      for (std::int64_t x = 0; x < image.width; ++x)
        image.pixels.push_back(labels[static_cast<std::size_t>(y / scale * width + x / scale)]);
    }
    fs::create_directories(file.parent_path());
    data::write_png(file, image);
  }

  void write_masks(std::size_t wrong_every) const {
    for (const std::int64_t index : spec_.splits.test)
      write_mask(mask_file(index), prediction_of(index, wrong_every));
  }

  CommandOutput import(const std::string& toml) const {
    core::write_file_atomically(folder_ / "theirs.toml", toml);
    return run_command(cli::add_import, {runs(), "json", 0},
                       {"import", "--predictions", (folder_ / "theirs.toml").string()});
  }

  Json rows(const std::string& table) const {
    return run_command(cli::add_export, {runs(), "json", 0}, {"export", table, "shapes"}).json();
  }

  TemporaryFolder folder_;
  core::TrialSpec spec_;
  std::unique_ptr<core::DecodeCache> cache_;
};

TEST_F(ImportPredictions, ScoresThemByTheStudysTruthPixelByPixel) {
  write_masks(3);
  const CommandOutput imported = import(std::string(kHeading) + "[[trial]]\nseed = 2\nmasks = \"masks\"\n");
  EXPECT_EQ(imported.error, "");
  // Counted here, one pixel at a time.
  std::map<std::pair<std::string, std::int64_t>, core::ClassCounts> expected;
  for (const std::int64_t index : spec_.splits.test) {
    const std::vector<std::uint8_t> predicted = prediction_of(index, 3);
    const auto truth = cache_->labels(index);
    for (std::size_t i = 0; i < truth.size(); ++i) {
      if (truth[i] == core::kVoidLabel) continue;
      if (truth[i] == predicted[i])
        ++expected[{id_of(index), truth[i]}].tp;
      else
        ++expected[{id_of(index), truth[i]}].fn, ++expected[{id_of(index), predicted[i]}].fp;
    }
  }
  std::size_t found = 0;
  for (const Json& row : rows("images")) {
    const core::ClassCounts& counts = expected.at({row.at("image_id"), row.at("class")});
    EXPECT_EQ(row.at("tp"), counts.tp);
    EXPECT_EQ(row.at("fp"), counts.fp);
    EXPECT_EQ(row.at("fn"), counts.fn);
    EXPECT_EQ(row.at("variant"), "theirs");
    EXPECT_EQ(row.at("seed"), 2);
    ++found;
  }
  EXPECT_EQ(found, expected.size());
}

TEST_F(ImportPredictions, StandInTheLeaderboardWithTheirOrigin) {
  write_masks(3);
  import(std::string(kHeading) + "parameters = 12\n[[trial]]\nseed = 2\nmasks = \"masks\"\n");
  const CommandOutput compared =
      run_command(cli::add_compare, {runs(), "json", 0}, {"compare", "shapes", "--metric", "miou"});
  ASSERT_EQ(compared.error, "");
  EXPECT_EQ(compared.json()[0].at("variant"), "theirs");
  EXPECT_EQ(compared.json()[0].at("parameters"), 12);
  EXPECT_THAT(compared.err, HasSubstr("imported predictions (PyTorch, commit 1a2b)"));
  // Made anew from the logs, and planned anew by the experiment file, they are there again.
  ASSERT_EQ(run_command(cli::add_import, {runs(), "json", 0}, {"import", "--rebuild"}).error, "");
  run_command(cli::add_run, {runs(), "json", 0},
              {"run", (folder_ / "shapes.toml").string(), "--prepare", "--quiet"});
  EXPECT_EQ(rows("trials").size(), 3u) << "two of the plan";
}

TEST_F(ImportPredictions, KeepWhatPanelsShow) {
  write_masks(3);
  import(std::string(kHeading) + "[[trial]]\nseed = 2\nmasks = \"masks\"\n");
  for (const Json& row : rows("trials")) {
    if (row.at("variant") != "theirs") continue;
    const core::Predictions kept =
        core::read_predictions(runs() / row.at("folder").get<std::string>() / core::kPredictionsFile);
    ASSERT_EQ(kept.samples.size(), spec_.splits.test.size());
    const auto map = kept.label_map(0);
    EXPECT_EQ(std::vector<std::uint8_t>(map.begin(), map.end()), prediction_of(kept.samples[0].index, 3));
  }
}

TEST_F(ImportPredictions, MayHaveTheSizeOfTheImage) {
  // Shapes are drawn at the size of the cache, so that the original is that: twice as large is refused.
  write_masks(3);
  const std::int64_t first = spec_.splits.test[0];
  write_mask(mask_file(first), prediction_of(first, 3), 2);
  const CommandOutput refused = import(std::string(kHeading) + "[[trial]]\nseed = 2\nmasks = \"masks\"\n");
  EXPECT_EQ(refused.exit_code, core::kAuditRefused);
  EXPECT_THAT(refused.error, HasSubstr("is 48 x 64, but must be 24 x 32 as the study scores"));
}

TEST_F(ImportPredictions, AreRefusedWithAllThatIsWrongAndNothingIsWritten) {
  write_masks(3);
  const std::vector<std::int64_t>& test = spec_.splits.test;
  fs::remove(mask_file(test[0]));
  write_mask(mask_file(test[1]), std::vector<std::uint8_t>(24 * 32, 77));
  fs::copy_file(mask_file(test[2]), fs::path(mask_file(test[2])).replace_extension(".bmp"));
  const CommandOutput refused = import(std::string(kHeading) + "[[trial]]\nseed = 2\nmasks = \"masks\"\n");
  EXPECT_EQ(refused.exit_code, core::kAuditRefused);
  EXPECT_THAT(refused.error, HasSubstr("1 of 5 images have no mask: " + id_of(test[0])));
  EXPECT_THAT(refused.error, HasSubstr("value 77 on 768 pixels: no class of the study"));
  EXPECT_THAT(refused.error, HasSubstr("is a second mask of " + id_of(test[2])));
  EXPECT_EQ(rows("trials").size(), 2u);
}

TEST_F(ImportPredictions, MayBeCodedByValuesOrColours) {
  for (const std::int64_t index : spec_.splits.test) {
    std::vector<std::uint8_t> labels = prediction_of(index, 3);
    for (std::uint8_t& label : labels) label = static_cast<std::uint8_t>(10 * label + 5);
    write_mask(mask_file(index), labels);
  }
  const std::string trial = "[[trial]]\nseed = 2\nmasks = \"masks\"\n";
  EXPECT_EQ(import(kHeading + trial).exit_code, core::kAuditRefused);
  EXPECT_THAT(import(kHeading + ("values = [5, 15]\n" + trial)).error,
              HasSubstr("values has 2 entries, but the study has 7 classes"));
  EXPECT_EQ(import(kHeading + ("values = [5, 15, 25, 35, 45, 55, 65]\n" + trial)).error, "");
}

TEST_F(ImportPredictions, AreNeverOverwrittenByOthers) {
  write_masks(3);
  const std::string toml = std::string(kHeading) + "[[trial]]\nseed = 2\nmasks = \"masks\"\n";
  EXPECT_EQ(import(toml).error, "");
  EXPECT_THAT(import(toml).err, HasSubstr("imported before, with the same predictions"));
  write_masks(2);
  const CommandOutput others = import(toml);
  EXPECT_EQ(others.exit_code, core::kNotComparable);
  EXPECT_THAT(others.error, HasSubstr("other predictions of theirs, seed 2, were imported before"));
}

TEST_F(ImportPredictions, MayComeAsCountsThatFitTheTruth) {
  write_masks(3);
  import(std::string(kHeading) + "[[trial]]\nseed = 2\nmasks = \"masks\"\n");
  std::string csv = "class,image_id,tp,fp,fn\n", wrong = csv;
  bool is_first = true;
  for (const Json& row : rows("images")) {
    const auto line = [&](std::int64_t more) {
      return row.at("class_name").get<std::string>() + "," + row.at("image_id").get<std::string>() + "," +
             std::to_string(row.at("tp").get<std::int64_t>() + more) + "," + row.at("fp").dump() + "," +
             row.at("fn").dump() + "\n";
    };
    csv += line(0), wrong += line(is_first ? 5 : 0);
    is_first = false;
  }
  core::write_file_atomically(folder_ / "counts.csv", csv);
  core::write_file_atomically(folder_ / "wrong.csv", wrong);
  const std::string heading =
      "schema = 1\nstudy = \"shapes\"\nlabel = \"counts\"\nfrom = \"x\"\n[[trial]]\nseed = 2\n";
  const CommandOutput refused = import(heading + "counts = \"wrong.csv\"\n");
  EXPECT_EQ(refused.exit_code, core::kAuditRefused);
  EXPECT_THAT(refused.error, HasSubstr("pixels, but the study's truth has"));
  EXPECT_EQ(import(heading + "counts = \"counts.csv\"\n").error, "");
  std::map<std::string, Json> scores;
  for (const Json& row : rows("evaluations")) scores[row.at("variant")] = row.at("miou");
  EXPECT_EQ(scores.at("counts"), scores.at("theirs"));
}

TEST_F(ImportPredictions, NeedAFileThatSaysWhoseTheyAre) {
  const CommandOutput output = import("schema = 1\nstudy = \"shapes\"\nlabl = \"x\"\n[[trial]]\nseed = 1\n");
  EXPECT_EQ(output.exit_code, core::kUsage);
  EXPECT_THAT(output.error, HasSubstr("label is missing"));
  EXPECT_THAT(output.error, HasSubstr("unknown key \"labl\""));
  EXPECT_THAT(output.error, HasSubstr("give either masks or counts"));
  EXPECT_THAT(
      import(
          "schema = 1\nstudy = \"none\"\nlabel = \"x\"\nfrom = \"x\"\n[[trial]]\nseed = 1\nmasks = \".\"\n")
          .error,
      HasSubstr("unknown study \"none\""));
  EXPECT_THAT(
      import("schema = 1\nstudy = \"shapes\"\nlabel = \"unet small\"\nfrom = \"x\"\n[[trial]]\nseed = 1\n"
             "masks = \".\"\n")
          .error,
      HasSubstr("has a variant of its own that is called unet small"));
}

}  // namespace
}  // namespace segbench::tests
