// SPDX-License-Identifier: MIT
#include "harness/data/codecs/base64.h"

#include <gtest/gtest.h>

#include "harness/core/error.h"

namespace segbench::data {
namespace {

std::string text_of(std::string_view base64) {
  const std::vector<std::uint8_t> bytes = from_base64(base64);
  return {bytes.begin(), bytes.end()};
}

/// The test vectors of RFC 4648, section 10.
TEST(Base64, ReadsTheVectorsOfItsStandard) {
  EXPECT_EQ(text_of(""), "");
  EXPECT_EQ(text_of("Zg=="), "f");
  EXPECT_EQ(text_of("Zm8="), "fo");
  EXPECT_EQ(text_of("Zm9v"), "foo");
  EXPECT_EQ(text_of("Zm9v\nYg=="), "foob");
  EXPECT_EQ(text_of("Zm9vYmE="), "fooba");
  EXPECT_EQ(text_of("Zm9vYmFy"), "foobar");
  EXPECT_EQ(text_of("//+/"), "\xff\xff\xbf");
}

TEST(Base64, RefusesWhatIsDamagedOrCutOff) {
  for (const char* text : {"Zm9", "Z", "Zg=", "Zm=v", "Zm9v!", "="})
    EXPECT_THROW(from_base64(text), core::UserError) << text;
}

}  // namespace
}  // namespace segbench::data
