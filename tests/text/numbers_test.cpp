// SPDX-License-Identifier: MIT
#include "harness/text/numbers.h"

#include <gtest/gtest.h>

#include "harness/text/html.h"

namespace segbench::text {
namespace {

TEST(Format, PrintsATrueMinusAndNoNegativeZero) {
  EXPECT_EQ(fixed(-0.0123, 3), "−0.012");
  EXPECT_EQ(fixed(-0.0001, 3), "0.000");
  EXPECT_EQ(signed_fixed(0.5, 2), "+0.50");
  EXPECT_EQ(signed_fixed(0.0001, 2), "0.00");
}

TEST(Format, GivesAsManyDigitsAsTheUncertaintyAllows) {
  EXPECT_EQ(digits_for(0.034), 3);
  EXPECT_EQ(digits_for(0.2), 2);
  EXPECT_EQ(digits_for(3.0), 2);
  EXPECT_EQ(digits_for(0.0012), 4);
  EXPECT_EQ(digits_for(1e-9), 5);
  EXPECT_EQ(digits_for(std::nullopt), 3);
  EXPECT_EQ(digits_for(0.0), 3);
}

TEST(Format, GivesAPValueThatIsTooSmallToShowAsABound) {
  EXPECT_EQ(p_text(0.25), "p = 0.250");
  EXPECT_EQ(p_text(0.00312), "p = 0.0031");
  EXPECT_EQ(p_text(3e-9), "p < 0.0001");
}

TEST(Format, GroupsDigits) {
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(-31048917), "−31\u202f048\u202f917");
}

TEST(Format, EscapesHtml) {
  EXPECT_EQ(escape("<script>alert('x' & \"y\")</script>"),
            "&lt;script&gt;alert(&#39;x&#39; &amp; &quot;y&quot;)&lt;/script&gt;");
  EXPECT_EQ(escape_lines("a<b\nc"), "a&lt;b\nc");
  EXPECT_EQ(escape_code("run `a <b>` and `c`, not `d"),
            "run <code>a &lt;b&gt;</code> and <code>c</code>, not `d");
  EXPECT_EQ(anchor("a b<c>"), "a-b-c-");
}

TEST(Format, EncodesBase64AsRfc4648) {
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foo"), "Zm9v");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64(std::string("\xff\x00\xfe", 3)), "/wD+");
}

TEST(FewOf, NamesThreeAndCountsTheRest) {
  EXPECT_EQ(few_of({}), "");
  EXPECT_EQ(few_of({"a"}), "a");
  EXPECT_EQ(few_of({"a", "b", "c", "d"}), "a, b, c, d");
  EXPECT_EQ(few_of({"a", "b", "c", "d", "e"}), "a, b, c and 2 more");
}

}  // namespace
}  // namespace segbench::text
