// SPDX-License-Identifier: MIT
#include "harness/train/predict_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "harness/core/exchange_file.h"
#include "harness/core/files.h"
#include "harness/core/text.h"
#include "harness/train/prediction_bytes.h"
#include "tests/train/tiny_trial.h"

namespace segbench::train {
namespace {

using core::Json;
using testing::HasSubstr;
using torch::Tensor;

/// A trained network, its first images, and what it says of them.
class PredictService : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    trials_ = std::make_unique<tests::TinyTrials>();
    trial_ = trials_->add("one");
    ASSERT_EQ(tests::train(trial_).exit_code, 0);
    const core::DecodeCache cache(trials_->cache());
    std::string images;
    for (std::int64_t i = 0; i < kImages; ++i) images.append(cache.image(i).begin(), cache.image(i).end());
    core::write_file_atomically(place("images"), images);
    Predictor predictor = load();
    const core::MappedFile mapped(place("images"));
    labels_ = labels_on_host(predictor.predict(mapped.bytes())).clone();
    logits_ = predictor.predict(mapped.bytes()).logits().contiguous().clone();
  }
  static void TearDownTestSuite() { trials_.reset(); }

  static std::filesystem::path place(const char* name) { return trials_->path() / name; }
  static Predictor load() { return Predictor({.weights = trial_ / core::kWeightsFile}); }

  /// The answers to requests, one a line.
  static std::vector<Json> ask(const std::vector<Json>& requests) {
    std::string lines;
    for (const Json& request : requests) lines += request.dump() + "\n";
    std::istringstream in(lines);
    std::ostringstream out;
    serve_predictions(load, in, out);
    std::vector<Json> answers;
    for (const std::string& line : core::split(out.str(), '\n')) {
      if (!line.empty()) answers.push_back(Json::parse(line));
    }
    return answers;
  }
  static Json predict() {
    return {{"do", "predict"}, {"images", place("images").string()}, {"labels", place("labels").string()}};
  }
  static Json choose(const std::string& engine) {
    return {{"do", "choose"},
            {"network", 0},
            {"engine", engine},
            {"images", place("images").string()},
            {"guests", {"mine"}},
            {"batch", kImages + 1},
            {"guest_images", place("guest_in").string()},
            {"guest_logits", place("guest_out").string()}};
  }
  /// What the guest says: logits of one image more than there are, as its batch is larger.
  static void write_guest_logits(const Tensor& logits) {
    core::write_exchange(place("guest_out"),
                         bytes_of(torch::cat({logits, logits.narrow(0, 0, 1)}).contiguous()));
  }
  static std::string labels() { return core::read_file(place("labels")); }
  static std::string expected() {
    const auto bytes = bytes_of(labels_);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }

  static constexpr std::int64_t kImages = 3;
  inline static std::unique_ptr<tests::TinyTrials> trials_;
  inline static std::filesystem::path trial_;
  inline static Tensor labels_, logits_;
};

TEST_F(PredictService, StaysAndPredictsBatchAfterBatch) {
  const auto answers =
      ask({{{"do", "describe"}}, predict(), {{"do", "wonder"}}, predict(), {{"do", "quit"}}, predict()});
  ASSERT_EQ(answers.size(), 4U) << "nothing behind quit";
  EXPECT_EQ(answers[0].at("device"), "cpu");
  EXPECT_EQ(answers[0].at("networks"), 1);
  EXPECT_THAT(answers[2].at("error").get<std::string>(), HasSubstr("unknown request \"wonder\""));
  for (const int i : {0, 1, 3})
    EXPECT_TRUE(answers[static_cast<std::size_t>(i)].at("ok")) << answers[static_cast<std::size_t>(i)];
  EXPECT_EQ(labels(), expected());
}

TEST_F(PredictService, AGuestThatIsRightTakesTheNetworksPlace) {
  write_guest_logits(logits_);
  const auto answers = ask({choose("mine"), {{"do", "continue"}}, predict(), {{"do", "continue"}}});
  ASSERT_EQ(answers.size(), 4U);
  for (const std::size_t i : {0U, 2U})
    EXPECT_EQ(answers[i].at("forward"), Json({{"network", 0}, {"engine", "mine"}}));
  EXPECT_EQ(answers[1].at("engine"), "mine");
  EXPECT_EQ(answers[1].at("labels_differ"), 0);
  EXPECT_EQ(answers[1].at("pixels"), labels_.numel());
  EXPECT_TRUE(answers[3].at("ok")) << answers[3];
  EXPECT_EQ(labels(), expected());
  const std::string given = core::read_file(place("guest_in"));
  EXPECT_EQ(given.size(), static_cast<std::size_t>((kImages + 1) * 3 * labels_[0].numel()) * sizeof(float));
  const std::size_t image = given.size() / (kImages + 1);
  EXPECT_EQ(given.substr(kImages * image), given.substr((kImages - 1) * image, image)) << "filled up";
}

TEST_F(PredictService, AGuestThatIsWrongOrFailsIsRefused) {
  write_guest_logits(logits_ * 0.5);
  const auto wrong = ask({choose("mine"), {{"do", "continue"}}});
  EXPECT_FALSE(wrong.back().at("ok"));
  EXPECT_THAT(wrong.back().at("error").get<std::string>(), HasSubstr("its logits differ"));
  const auto failed = ask({choose("mine"), {{"do", "failed"}, {"error", "it is tired"}}});
  EXPECT_THAT(failed.back().at("error").get<std::string>(), HasSubstr("it is tired"));
  write_guest_logits(logits_);
  const auto later = ask({choose("mine"),
                          {{"do", "continue"}},
                          predict(),
                          {{"do", "failed"}, {"error", "it is tired"}},
                          predict(),
                          {{"do", "continue"}}});
  ASSERT_EQ(later.size(), 6U);
  EXPECT_EQ(later[3].at("code"), 1);
  EXPECT_TRUE(later[5].at("ok")) << "one failure ends nothing";
}

TEST_F(PredictService, AutoLeavesOutAGuestThatFails) {
  const auto answers = ask({choose("auto"), {{"do", "failed"}, {"error", "it is tired"}}, predict()});
  ASSERT_EQ(answers.size(), 3U);
  EXPECT_NE(answers[1].at("engine"), "mine");
  EXPECT_EQ(answers[1].at("tried").size(), 4U);
  EXPECT_EQ(answers[1].at("tried")[3].at("problem"), "it is tired");
  EXPECT_TRUE(answers[2].at("ok"));
}

TEST_F(PredictService, AnUnknownEngineIsNotTakenForEager) {
  const auto answers = ask({choose("yours")});
  EXPECT_FALSE(answers.at(0).at("ok"));
  EXPECT_THAT(answers.at(0).at("error").get<std::string>(), HasSubstr("unknown engine \"yours\""));
}

TEST_F(PredictService, TellsWhyItCannotLoad) {
  std::istringstream in("{\"do\": \"describe\"}\n");
  std::ostringstream out;
  serve_predictions([] { return Predictor({.weights = place("absent")}); }, in, out);
  const Json answer = Json::parse(out.str());
  EXPECT_FALSE(answer.at("ok"));
  EXPECT_THAT(answer.at("error").get<std::string>(), HasSubstr("absent"));
}

}  // namespace
}  // namespace segbench::train
