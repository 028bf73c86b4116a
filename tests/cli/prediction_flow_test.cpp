// SPDX-License-Identifier: MIT
#include "harness/cli/prediction_flow.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

namespace segbench::cli {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

/// Steps on made-up pictures: the n-th one has the byte n in each of its inputs, and is answered by it.
class FlowTest : public testing::Test {
 protected:
  std::vector<std::string> files(int count) {
    std::vector<std::string> names;
    for (int i = 0; i < count; ++i) names.push_back(std::to_string(i));
    return names;
  }
  FlowSteps steps() {
    return {.read =
                [this](const std::string& file) {
                  const int number = std::stoi(file);
                  if (number == damaged_) throw core::UserError("it is damaged");
                  Picture picture{.file = file, .image = {2, 2, 1, {0, 0, 0, 0}}, .parts = {}, .inputs = {}};
                  picture.parts.resize(static_cast<std::size_t>(parts_));
                  picture.inputs.assign(picture.parts.size() * 3, static_cast<std::byte>(number));
                  held_ += 1, most_held_ = std::max(most_held_.load(), held_.load());
                  return picture;
                },
            .ask =
                [this](std::span<const std::byte> inputs, std::size_t count) {
                  EXPECT_EQ(inputs.size(), 3 * count);
                  batches_.push_back(count);
                  if (fails_at_ == static_cast<int>(batches_.size())) throw core::UserError("it is broken");
                  Answer answer;
                  for (std::size_t i = 0; i < count; ++i)
                    answer.maps.push_back({1, 1, {std::to_integer<std::uint8_t>(inputs[3 * i])}});
                  return answer;
                },
            .write =
                [this](const Picture& picture, const Answer& answer) {
                  EXPECT_EQ(answer.maps.size(), picture.parts.size());
                  for (const data::LabelMap& map : answer.maps)
                    EXPECT_EQ(std::to_string(map.labels.at(0)), picture.file.string());
                  std::this_thread::sleep_for(std::chrono::milliseconds(std::stoi(picture.file) % 3));
                  ++written_;
                  return Written{.file = picture.file, .row = {}, .labels = {}};
                },
            .take =
                [this](Written written) {
                  held_ -= 1;
                  taken_.push_back(written.file);
                },
            .interrupted = [this] { return interrupted_at_ >= 0 && written_ >= interrupted_at_; }};
  }

  int parts_ = 1, damaged_ = -1, fails_at_ = -1, interrupted_at_ = -1;
  std::vector<std::size_t> batches_;
  std::vector<std::string> taken_;
  std::atomic<int> held_ = 0, most_held_ = 0, written_ = 0;
};

TEST_F(FlowTest, EveryFileIsAnsweredInOrderInFullBatches) {
  EXPECT_TRUE(predict_files(files(30), steps(), {.batch = 8}).empty());
  EXPECT_EQ(taken_, files(30));
  EXPECT_THAT(batches_, ElementsAre(8, 8, 8, 6));
}

TEST_F(FlowTest, PartsOfOnePictureMayBeInSeveralBatches) {
  parts_ = 5;
  EXPECT_TRUE(predict_files(files(3), steps(), {.batch = 4}).empty());
  EXPECT_THAT(batches_, ElementsAre(4, 4, 4, 3));
  EXPECT_EQ(taken_, files(3));
}

TEST_F(FlowTest, ADamagedFileIsToldAndTheOthersArePredicted) {
  damaged_ = 3;
  const auto problems = predict_files(files(10), steps(), {.batch = 4});
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems[0].to_string(), "3: it is damaged");
  std::vector<std::string> others = files(10);
  others.erase(others.begin() + 3);
  EXPECT_EQ(taken_, others);
}

TEST_F(FlowTest, MemoryIsBounded) {
  // 4 pixels of 100 bytes and 3 of the input each.
  EXPECT_TRUE(predict_files(files(60), steps(), {.batch = 8, .bytes = 1300, .bytes_per_pixel = 100}).empty());
  EXPECT_EQ(taken_, files(60));
  EXPECT_LE(most_held_, 4) << "three fit, and one more shows that it is enough";
}

TEST_F(FlowTest, WhatIsBrokenEndsItWithWholeFiles) {
  fails_at_ = 3;
  EXPECT_THROW(predict_files(files(30), steps(), {.batch = 4}), core::UserError);
  EXPECT_LE(written_, 8);
}

TEST_F(FlowTest, AnInterruptEndsItSoon) {
  interrupted_at_ = 4;
  EXPECT_THROW(predict_files(files(200), steps(), {.batch = 2}), core::UserError);
  EXPECT_LT(taken_.size(), 200U);
}

TEST_F(FlowTest, OthersAreReadAndWrittenWhileTheNetworkComputes) {
  std::atomic<bool> is_asking = false, is_read_meanwhile = false, is_written_meanwhile = false;
  FlowSteps busy = steps();
  const auto read = busy.read;
  const auto ask = busy.ask;
  const auto write = busy.write;
  busy.read = [&](const std::string& file) {
    std::this_thread::sleep_for(2ms);
    is_read_meanwhile = is_read_meanwhile || is_asking;
    return read(file);
  };
  busy.ask = [&](std::span<const std::byte> inputs, std::size_t count) {
    is_asking = true;
    std::this_thread::sleep_for(20ms);
    is_asking = false;
    return ask(inputs, count);
  };
  busy.write = [&](const Picture& picture, const Answer& answer) {
    is_written_meanwhile = is_written_meanwhile || is_asking;
    return write(picture, answer);
  };
  EXPECT_TRUE(predict_files(files(40), busy, {.batch = 4}).empty());
  EXPECT_TRUE(is_read_meanwhile);
  EXPECT_TRUE(is_written_meanwhile);
}

}  // namespace
}  // namespace segbench::cli
