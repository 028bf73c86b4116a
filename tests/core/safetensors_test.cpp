// SPDX-License-Identifier: MIT
#include "harness/core/safetensors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "harness/core/error.h"
#include "tests/support/temporary_folder.h"

namespace segbench::core {
namespace {

std::string file_of(const std::string& header, const std::string& data) {
  const std::uint64_t length = header.size();
  std::string content(sizeof length, '\0');
  std::memcpy(content.data(), &length, sizeof length);
  return content + header + data;
}

std::string refusal(const std::string& content) {
  const tests::TemporaryFolder folder;
  write_file_atomically(folder / "w.safetensors", content);
  try {
    SafetensorsFile file(folder / "w.safetensors");
  } catch (const UserError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(Safetensors, RoundTrips) {
  const tests::TemporaryFolder folder;
  const std::vector<float> a = {1, 2, 3, 4, 5, 6};
  const std::vector<std::int64_t> b = {-1};
  write_safetensors(folder / "w.safetensors",
                    {{"a", "F32", {2, 3}, std::as_bytes(std::span(a))},
                     {"b", "I64", {}, std::as_bytes(std::span(b))},
                     {"empty", "F32", {0, 4}, {}}},
                    {{"trial", "x"}});
  const SafetensorsFile file(folder / "w.safetensors");
  EXPECT_EQ(file.metadata().at("trial"), "x");
  ASSERT_EQ(file.entries().size(), 3u);
  EXPECT_EQ(file.entries().at("a").shape, (std::vector<std::int64_t>{2, 3}));
  EXPECT_EQ(std::memcmp(file.entries().at("a").data.data(), a.data(), 24), 0);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(file.entries().at("a").data.data()) % 8, 0u);
}

TEST(Safetensors, RefusesHostileFiles) {
  const std::string good = R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})";
  EXPECT_EQ(refusal(file_of(good, "1234")), "accepted");
  EXPECT_THAT(refusal("123"), testing::HasSubstr("only 3 bytes"));
  EXPECT_THAT(refusal(file_of(good, "123")), testing::HasSubstr("outside the file"));
  EXPECT_THAT(refusal(file_of(good, "12345")), testing::HasSubstr("belong to no tensor"));
  EXPECT_THAT(refusal(file_of(good, "1234").substr(0, 20)), testing::HasSubstr("truncated"));
  EXPECT_THAT(refusal(std::string(8, '\xff')), testing::HasSubstr("header claims"));
  EXPECT_THAT(refusal(file_of("{", "")), testing::HasSubstr("its header"));
  EXPECT_THAT(refusal(file_of(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}})", "1234")),
              testing::HasSubstr("has 4 bytes"));
  EXPECT_THAT(refusal(file_of(R"({"a":{"dtype":"X9","shape":[1],"data_offsets":[0,4]}})", "1234")),
              testing::HasSubstr("unknown dtype"));
  EXPECT_THAT(refusal(file_of(R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}})", "1234")),
              testing::HasSubstr("whole numbers"));
  EXPECT_THAT(refusal(file_of(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4e300]}})", "1234")),
              testing::HasSubstr("whole numbers"));
  EXPECT_THAT(refusal(file_of(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}})", "1234")),
              testing::HasSubstr("whole numbers"));
  EXPECT_THAT(refusal(file_of(std::string(1'000'000, '['), "")), testing::HasSubstr("nested too deep"));
  EXPECT_THAT(refusal(file_of("[]", "")), testing::HasSubstr("no object"));
  EXPECT_THAT(refusal(file_of(R"({"a":{"dtype":"F32","shape":[9223372036854775807,4],"data_offsets":[0,4]}})",
                              "1234")),
              testing::HasSubstr("has 4 bytes"));
  EXPECT_THAT(refusal(file_of(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},)"
                              R"("b":{"dtype":"U8","shape":[3],"data_offsets":[1,4]}})",
                              "1234")),
              testing::HasSubstr("gap or overlap"));
  EXPECT_THAT(refusal(file_of(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[4,2]}})", "1234")),
              testing::HasSubstr("outside the file"));
}

TEST(TensorsSha256, DependsOnNamesShapesAndBytesNotOnTheOrder) {
  const std::vector<float> x = {1, 2}, y = {3, 4};
  const TensorBytes a{"a", "F32", {2}, std::as_bytes(std::span(x))},
      b{"b", "F32", {2}, std::as_bytes(std::span(y))};
  TensorBytes reshaped = b;
  reshaped.shape = {1, 2};
  EXPECT_EQ(tensors_sha256({a, b}), tensors_sha256({b, a}));
  EXPECT_NE(tensors_sha256({a, b}), tensors_sha256({a, reshaped}));
}

}  // namespace
}  // namespace segbench::core
