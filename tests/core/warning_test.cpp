// SPDX-License-Identifier: MIT
#include "harness/core/warning.h"

#include <gtest/gtest.h>

namespace segbench::core {
namespace {

TEST(Warning, SurvivesJson) {
  const Warning warning{"stale_batch_norm", "The running statistics are half done.", "Lower the momentum."};
  EXPECT_EQ(Json(warning).get<Warning>(), warning);
  EXPECT_EQ(to_text(warning), "The running statistics are half done. Lower the momentum.");
}

TEST(Warning, IsOneTextWithItsRemedy) {
  EXPECT_EQ(to_text({.code = "a", .message = "It is hot.", .remedy = "Open a window."}),
            "It is hot. Open a window.");
  EXPECT_EQ(to_text({.code = "a", .message = "it is hot", .remedy = "open a window"}),
            "it is hot; open a window");
  EXPECT_EQ(to_text({.code = "a", .message = "it is hot", .remedy = ""}), "it is hot");
}

TEST(Warning, ReadsWhateverStandsThere) {
  const Json list =
      Json::parse(R"([{"message":"a"},{"message":7},3,{"code":[],"message":"b","remedy":"c"}])");
  EXPECT_EQ(warnings_from(list), (std::vector<Warning>{{"", "a", ""}, {"", "b", "c"}}));
  EXPECT_TRUE(warnings_from(Json("no list")).empty());
}

}  // namespace
}  // namespace segbench::core
