// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/counts.h"
#include "harness/core/decode_cache.h"
#include "harness/core/error.h"
#include "harness/core/file_lock.h"
#include "harness/core/files.h"
#include "harness/core/identity.h"
#include "harness/train/ensemble.h"
#include "harness/train/weights_file.h"
#include "harness/trial/event_log.h"
#include "tests/train/tiny_trial.h"

namespace segbench::tests {
namespace {

using core::Json;
using torch::Tensor;

/// Members that differ in their epochs or, of one variant, in their seeds; and their ensemble.
struct Ensemble {
  TinyTrials trials;
  std::vector<std::filesystem::path> members;
  std::filesystem::path folder;

  explicit Ensemble(bool of_seeds = false) {
    core::VariantConfig all = tiny_variant();
    if (of_seeds) {
      all.training.epochs = 1;
      core::VariantConfig one = all;
      all.ensemble = {core::variant_id(one)}, all.ensemble_seeds = 2;
      for (const std::uint64_t seed : {1, 2})
        members.push_back(trials.add(trials.spec(one, seed).trial_id, one, seed));
    } else {
      for (const std::int64_t epochs : {1, 2}) {
        core::VariantConfig member = tiny_variant();
        member.training.epochs = epochs;
        all.ensemble.push_back(core::variant_id(member));
        members.push_back(trials.add(trials.spec(member).trial_id, member));
      }
    }
    folder = trials.add("all", all);
  }

  /// The pooled counts of the test images by the members' probabilities, computed here.
  std::vector<core::ClassCounts> recomputed_counts() const {
    const core::DecodeCache cache(trials.cache());
    std::vector<core::ClassCounts> counts(3);
    const torch::NoGradGuard no_grad;
    std::vector<train::TrainedNetwork> networks;
    for (const auto& member : members)
      networks.push_back(train::read_weights(member / core::kWeightsFile, torch::kCPU));
    for (std::int64_t index = 17; index < 22; ++index) {
      const auto pixels = cache.image(index);
      std::vector<std::uint8_t> bytes(pixels.begin(), pixels.end());
      const Tensor image = torch::from_blob(bytes.data(), {1, 32, 40, 3}, torch::kByte)
                               .permute({0, 3, 1, 2})
                               .to(torch::kFloat) /
                           255;
      Tensor sum = torch::zeros({1, 3, 32, 40});
      for (const train::TrainedNetwork& member : networks)
        sum += torch::softmax(member.network->forward(image), 1);
      const Tensor labels = sum.argmax(1).to(torch::kByte).contiguous();
      const auto of_image =
          core::count_pixels(cache.labels(index), {labels.data_ptr<std::uint8_t>(), 32 * 40}, 3)
              .class_counts();
      for (std::size_t c = 0; c < 3; ++c) counts[c] += of_image[c];
    }
    return counts;
  }
};

class EnsembleCounts : public testing::TestWithParam<bool> {};

TEST_P(EnsembleCounts, AreThoseOfTheMeanOfItsMembersProbabilities) {
  const Ensemble ensemble(/*of_seeds=*/GetParam());
  for (const auto& member : ensemble.members) {
    const ProcessResult trained = train(member);
    ASSERT_EQ(trained.exit_code, 0) << trained.err;
  }
  const ProcessResult result = train(ensemble.folder, {"--keep-predictions", "2"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const std::vector<core::ClassCounts> wanted = ensemble.recomputed_counts();
  int compared = 0;
  for (const Json& event : trial::read_event_log(ensemble.folder / core::kEventsFile).events) {
    EXPECT_NE(event.at("type"), "epoch");
    if (event.at("type") != "evaluation" || event.at("split") != "test") continue;
    for (std::size_t c = 0; c < 3; ++c) {
      EXPECT_NEAR(event.at("tp")[c].get<double>(), static_cast<double>(wanted[c].tp), 2)
          << "but for ties of rounding";
      EXPECT_NEAR(event.at("fp")[c].get<double>(), static_cast<double>(wanted[c].fp), 2);
    }
    ++compared;
  }
  EXPECT_EQ(compared, 1);
  const Json parameters = event_of(ensemble.folder, "trial").at("parameters");
  EXPECT_EQ(parameters, 2 * event_of(ensemble.members[0], "trial").at("parameters").get<std::int64_t>());
  EXPECT_TRUE(std::filesystem::exists(ensemble.folder / core::kPredictionsFile));
  EXPECT_EQ(last_attempt_event(ensemble.folder, "ended").at("status"), "complete");
}

INSTANTIATE_TEST_SUITE_P(Of, EnsembleCounts, testing::Bool(),
                         [](const auto& of_seeds) { return of_seeds.param ? "Seeds" : "Variants"; });

TEST(Ensembles, NeedCompleteMembers) {
  const Ensemble ensemble;
  ASSERT_EQ(train(ensemble.members[0]).exit_code, 0);
  const ProcessResult result = train(ensemble.folder);
  EXPECT_NE(result.exit_code, 0);
  EXPECT_THAT(result.err, testing::HasSubstr(ensemble.members[1].filename().string()));
}

TEST(Ensembles, AreNotWrittenByAWorkerThatWasReplaced) {
  const Ensemble ensemble;
  for (const auto& member : ensemble.members) ASSERT_EQ(train(member).exit_code, 0);
  const core::TrialSpec spec = core::read_trial_spec(ensemble.folder / core::kTrialFile);
  const auto parts =
      train::build_trial(spec, ensemble.folder, torch::kCPU, torch::MemoryFormat::ChannelsLast);
  const auto lock = core::FileLock::acquire(ensemble.folder / core::kTrialLockFile);
  core::LockOwner other = core::this_owner();
  other.host = "elsewhere";
  core::write_file_atomically(ensemble.folder / core::kTrialLockFile, to_line(other));
  train::TrainOptions options;
  options.lock = &lock;
  train::Progress progress(-1, spec.trial_id);
  EXPECT_THROW(train::run_ensemble(spec, ensemble.folder, *parts, options, progress), core::UserError);
  EXPECT_FALSE(std::filesystem::exists(ensemble.folder / core::kEventsFile));
}

}  // namespace
}  // namespace segbench::tests
