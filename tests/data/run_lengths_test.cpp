// SPDX-License-Identifier: MIT
#include "harness/data/codecs/run_lengths.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/error.h"
#include "tests/support/npy.h"
#include "tests/support/oracles.h"

namespace segbench::tests {
namespace {

using data::BinaryMask;
using data::PixelOrder;

TEST(RunLengths, EqualTheOraclesBothWays) {
  SEGBENCH_NEEDS_ORACLES();
  int compared = 0;
  for (const OracleCase& oracle : oracle_cases("rle")) {
    const std::vector<std::uint8_t> all = read_npy(oracle.beside(oracle.json.at("masks"))).bytes();
    std::ptrdiff_t begin = 0;
    for (const core::Json& item : oracle.json.at("items")) {
      BinaryMask mask{item.at("shape").at(0), item.at("shape").at(1), {}};
      const auto pixels = static_cast<std::ptrdiff_t>(mask.height * mask.width);
      mask.set.assign(all.begin() + begin, all.begin() + begin + pixels);
      for (std::uint8_t& value : mask.set) value = value != 0 ? 1 : 0;
      begin += pixels;
      for (const auto& [order, key] :
           {std::pair(PixelOrder::kColumns, "column_major"), {PixelOrder::kRows, "row_major"}}) {
        const std::string wanted = item.at(key);
        EXPECT_EQ(data::encode_runs(mask, order), wanted) << item.at("what") << " " << key;
        BinaryMask read{mask.height, mask.width, std::vector<std::uint8_t>(mask.set.size())};
        data::decode_runs(wanted, order, read);
        EXPECT_EQ(read, mask) << item.at("what") << " " << key;
        ++compared;
      }
    }
  }
  EXPECT_GT(compared, 4);
}

std::string refusal(std::string_view runs) {
  BinaryMask mask{2, 3, std::vector<std::uint8_t>(6)};
  try {
    data::decode_runs(runs, PixelOrder::kColumns, mask);
  } catch (const core::UserError& error) {
    return error.what();
  }
  return "";
}

TEST(RunLengths, RefuseWhatIsNoMask) {
  EXPECT_EQ(refusal("1 2 5 2"), "");
  EXPECT_THAT(refusal("1 2 5"), testing::HasSubstr("no pairs"));
  EXPECT_THAT(refusal("1 x"), testing::HasSubstr("\"x\" is no whole number"));
  EXPECT_THAT(refusal("1 3 3 1"), testing::HasSubstr("begins before pixel 4"));
  EXPECT_THAT(refusal("0 1"), testing::HasSubstr("begins before pixel 1"));
  EXPECT_THAT(refusal("6 2"), testing::HasSubstr("leaves a mask of 2 x 3"));
  EXPECT_THAT(refusal("1 0"), testing::HasSubstr("leaves"));
  EXPECT_THAT(refusal("9223372036854775807 9223372036854775807"), testing::HasSubstr("leaves"));
}

TEST(RunLengths, SubmissionsAreReadAsTheyAreWritten) {
  const data::Submission written{.header = "img,rle_mask", .lines = {{"a.jpg", "1 2"}, {"b.jpg", ""}}};
  EXPECT_EQ(data::submission_text(written), "img,rle_mask\na.jpg,1 2\nb.jpg,\n");
  const data::Submission read =
      data::read_submission("img,rle_mask\r\n\"a.jpg\",\"1 2\"\r\nb.jpg,\n\n", "s.csv");
  EXPECT_EQ(data::submission_text(read), data::submission_text(written));
  try {
    data::read_submission("id,rle_mask\na 1 2\n", "s.csv");
    FAIL() << "accepted";
  } catch (const core::UserError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("s.csv:2"));
  }
}

}  // namespace
}  // namespace segbench::tests
