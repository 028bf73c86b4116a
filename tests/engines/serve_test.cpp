// SPDX-License-Identifier: MIT
#include "harness/engines/serve.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <sstream>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/safetensors.h"
#include "harness/engines/model_file.h"
#include "tests/support/temporary_folder.h"

namespace segbench::engines {
namespace {

using architectures::Maps;
using core::Json;
using testing::HasSubstr;

/// Adds one to every value; takes 5 ns, and the arg max 2, where it has one.
class PlusOne : public architectures::Engine {
 public:
  explicit PlusOne(bool has_argmax) : has_argmax_(has_argmax) {}
  architectures::EngineReport report() const override {
    return {.name = "plus_one", .version = "1", .device = "cpu", .note = "adds"};
  }
  Maps run(const Maps& images) override {
    Maps maps = images;
    for (float& value : maps.values) ++value;
    return maps;
  }
  std::vector<architectures::StageTimes> measure(const Maps&, std::int64_t iterations) override {
    architectures::StageTimes times{.forward = 5};
    if (has_argmax_) times.argmax = 2;
    return std::vector<architectures::StageTimes>(static_cast<std::size_t>(iterations), times);
  }
  std::vector<architectures::LayerTime> time_layers(const Maps&) override { return {{"a", 1}, {"b", 4}}; }

 private:
  bool has_argmax_;
};

std::vector<Json> converse(const std::vector<Json>& requests) {
  std::stringstream in, out;
  for (const Json& request : requests)
    in << (request.is_string() ? request.get<std::string>() : request.dump()) << "\n";
  serve({.description = {.name = "plus_one", .version = "1", .reads = {"onnx"}},
         .load =
             [](const LoadRequest& request) {
               if (request.model == "bad") throw core::UserError("cannot read bad");
               return std::make_unique<PlusOne>(request.model != "logits");
             }},
        in, out);
  std::vector<Json> answers;
  for (std::string line; std::getline(out, line);) answers.push_back(Json::parse(line));
  return answers;
}

TEST(Serve, AnswersAsTheProtocolSays) {
  const tests::TemporaryFolder folder;
  const std::vector<float> values = {1, 2, 3, 4, 5, 6};
  core::write_file_atomically(folder / "x", {reinterpret_cast<const char*>(values.data()), 24});
  const Json load = to_json(
      LoadRequest{.model = "m", .format = "onnx", .batch = 1, .channels = 3, .height = 1, .width = 2});
  const auto answers = converse({{{"do", "describe"}},
                                 load,
                                 {{"do", "input"}, {"file", (folder / "x").string()}},
                                 {{"do", "run"}, {"iterations", 3}},
                                 {{"do", "output"}, {"file", (folder / "y").string()}},
                                 {{"do", "layers"}, {"iterations", 2}},
                                 {{"do", "quit"}},
                                 {{"do", "describe"}}});
  ASSERT_EQ(answers.size(), 6U) << "nothing behind quit is answered";
  EXPECT_EQ(description_from_json(answers[0]).name, "plus_one");
  EXPECT_EQ(answers[1].at("note"), "adds");
  EXPECT_EQ(answers[3].at("ns"), Json({5, 5, 5}));
  EXPECT_EQ(answers[3].at("stages").at("argmax"), Json({2, 2, 2}));
  EXPECT_EQ(answers[4].at("shape"), Json({1, 3, 1, 2}));
  EXPECT_EQ(answers[5].at("names"), Json({"a", "b"}));
  EXPECT_EQ(answers[5].at("ns"), Json({{1, 1}, {4, 4}}));
  const std::string written = core::read_file(folder / "y");
  ASSERT_EQ(written.size(), 24U);
  EXPECT_EQ(reinterpret_cast<const float*>(written.data())[5], 7);
}

TEST(Serve, TellsNoStagesOfAnEngineThatGivesLogitsAlone) {
  const tests::TemporaryFolder folder;
  core::write_file_atomically(folder / "x", std::string(4, '\0'));
  const auto answers = converse(
      {to_json(LoadRequest{.model = "logits", .format = "onnx", .channels = 1, .height = 1, .width = 1}),
       {{"do", "input"}, {"file", (folder / "x").string()}},
       {{"do", "run"}, {"iterations", 2}}});
  EXPECT_EQ(answers.back().at("ns"), Json({5, 5}));
  EXPECT_FALSE(answers.back().contains("stages")) << "a whole without the arg max is none";
}

TEST(Serve, AnErrorIsAnAnswer) {
  const auto answers = converse({"{",
                                 {{"do", "dance"}},
                                 {{"do", "run"}, {"iterations", 1}},
                                 {{"do", "load"}},
                                 to_json(LoadRequest{.model = "bad", .format = "onnx"}),
                                 {{"do", "describe"}}});
  ASSERT_EQ(answers.size(), 6U);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(answers[i].at("ok"), false) << i;
  EXPECT_THAT(answers[1].at("error").get<std::string>(), HasSubstr("unknown request \"dance\""));
  EXPECT_EQ(answers[2].at("error"), "nothing is loaded");
  EXPECT_EQ(answers[4].at("error"), "cannot read bad");
  EXPECT_EQ(answers[5].at("ok"), true);
}

TEST(ModelFiles, ThatDoNotSayWhatTheyAreBuiltFromAreRefused) {
  const tests::TemporaryFolder folder;
  const auto refusal = [&](const std::map<std::string, std::string>& metadata) -> std::string {
    core::write_safetensors(folder / "n.safetensors", {}, metadata);
    try {
      const ModelFile file(folder / "n.safetensors");
    } catch (const core::UserError& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_THAT(refusal({}), HasSubstr("n.safetensors: not a network that segbench profile wrote"));
  EXPECT_THAT(refusal({{"format", "segbench network 1"}}), HasSubstr("n.safetensors: not a network"));
  EXPECT_THAT(refusal({{"format", "segbench network 1"}, {"network", "{}"}}),
              HasSubstr("n.safetensors: its metadata: "));
}

TEST(Descriptions, OfAnotherVersionAreRefused) {
  EXPECT_THROW(description_from_json({{"protocol", 2}, {"name", "a"}, {"version", "1"}, {"reads", {"onnx"}}}),
               core::UserError);
  EXPECT_THROW(description_from_json({{"protocol", 1}}), core::UserError);
}

}  // namespace
}  // namespace segbench::engines
