// SPDX-License-Identifier: MIT
#include "harness/text/table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace segbench::text {
namespace {

using ::testing::HasSubstr;

Table sample() {
  Table table{.name = "sample",
              .caption = "50 % & more_",
              .columns = {{"name", "Name"}, {"score", "Score", true}, {"exact", "", true, Where::kCsv}},
              .rows = {}};
  table.rows.push_back({text_cell("a,\"b\"|<i>\n"), number_cell(1.0 / 3, 2, {"t1"}), number_cell(0.25, 1)});
  table.rows.push_back(
      {text_cell("plain"), number_cell(std::nullopt, 2, {}, "no trial"), number_cell(-2, 1)});
  return table;
}

TEST(Table, WritesCsvWithFullPrecisionAndEmptyUndefined) {
  EXPECT_EQ(to_csv(sample()), "name,score,exact\n\"a,\"\"b\"\"|<i> \",0.3333333333333333,0.25\nplain,,-2\n");
}

TEST(Table, WritesMarkdownWithoutMarkupOfItsContent) {
  EXPECT_EQ(
      to_markdown(sample()),
      "50 % & more\\_\n\n| Name | Score |\n| --- | ---: |\n| a,\"b\"\\|\\<i\\>  | 0.33 |\n| plain | – |\n");
}

TEST(Table, WritesLatexWithEverySpecialCharacterEscaped) {
  const std::string latex = to_latex(sample());
  EXPECT_THAT(latex, HasSubstr("\\caption{50 \\% \\& more\\_}"));
  EXPECT_THAT(latex, HasSubstr("a,\"b\"|$<$i$>$  & 0.33 \\\\"));
  EXPECT_THAT(latex, HasSubstr("plain & -- \\\\"));
  EXPECT_THAT(latex, HasSubstr("\\begin{tabular}{lr}"));
}

TEST(Table, WritesHtmlWithScopesCaptionAndTrials) {
  const std::string html = to_html(sample());
  EXPECT_THAT(html, HasSubstr("<th scope=\"col\">Name</th>"));
  EXPECT_THAT(html, HasSubstr("<th scope=\"row\">a,&quot;b&quot;|&lt;i&gt; </th>"));
  EXPECT_THAT(html, HasSubstr("<tr data-trials=\"t1\">"));
  EXPECT_THAT(html, HasSubstr("<data value=\"0.3333333333333333\" title=\"0.333333\">0.33</data>"));
  EXPECT_THAT(html, HasSubstr("<span title=\"no trial\">–</span>"));
  EXPECT_THAT(html, HasSubstr("<caption id=\"table-sample\">50 % &amp; more_</caption>"));
}

}  // namespace
}  // namespace segbench::text
