// SPDX-License-Identifier: MIT
#include "harness/text/table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/text.h"
#include "harness/text/utf8.h"

#include "harness/text/markup.h"

namespace segbench::text {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

Table sample() {
  Table table{.name = "sample",
              .caption = "50 % & more_",
              .columns = {{"name", "Name"}, {"score", "Score", true}, {"exact", "", true, Where::kData}},
              .rows = {}};
  table.rows.push_back({Cell("a,\"b\"|<i>\n"), number_cell(1.0 / 3, 2, {"t1"}), number_cell(0.25, 1)});
  table.rows.push_back({Cell("plain"), number_cell(std::nullopt, 2, {}, "no trial"), number_cell(-2, 1)});
  return table;
}

TEST(Table, WritesCsvWithFullPrecisionAndEmptyUndefined) {
  EXPECT_EQ(to_csv(sample()), "name,score,exact\n\"a,\"\"b\"\"|<i> \",0.3333333333333333,0.25\nplain,,-2\n");
}

TEST(Table, WritesJsonLines) {
  EXPECT_EQ(to_json_lines(sample()),
            "{\"name\":\"a,\\\"b\\\"|<i>\\n\",\"score\":0.3333333333333333,\"exact\":0.25}\n"
            "{\"name\":\"plain\",\"score\":null,\"exact\":-2.0}\n");
}

TEST(Table, WritesMarkdownWithoutMarkupOfItsContent) {
  EXPECT_EQ(to_markdown(sample()),
            "50 % & more\\_\n\n"
            "| Name          | Score |\n"
            "| ------------- | ----: |\n"
            "| a,\"b\"\\|\\<i\\>  |  0.33 |\n"
            "| plain         |     – |\n");
  Table words{.columns = {{"select_by"}}, .rows = {{"_miou_ no_background"}}};
  EXPECT_EQ(to_markdown(words),
            "| select_by              |\n| ---------------------- |\n| \\_miou\\_ no_background |\n");
}

TEST(Table, AlignsClassNamesOfEveryScript) {
  Table table{.columns = {{"class"}, number_column("iou", 2)},
              .rows = {{"road", 0.5}, {"道路", 0.25}, {"보도", nullptr}, {"a\u0308cker", 1}}};
  EXPECT_EQ(to_text(table, 80),
            "class   iou\n"
            "-----  ----\n"
            "road   0.50\n"
            "道路   0.25\n"
            "보도      –\n"
            "a\u0308cker     1\n");
  for (const std::string& line : core::split(core::trim(to_markdown(table)), '\n'))
    EXPECT_EQ(width(line), 16u) << line;
}

TEST(Table, ShortensWideClassNamesToTheTerminal) {
  Table table{.columns = {{"class"}, {"message"}},
              .rows = {{"道路標識と歩道と自転車道と中央分離帯と路肩と街路樹",
                        "交差点の横断歩道と信号機と標識と歩行者"}}};
  for (const std::size_t columns : {20, 41, 60}) {
    for (const std::string& line : core::split(to_text(table, columns), '\n'))
      EXPECT_LE(width(line), columns) << line;
  }
}

TEST(Table, NamesItsRowsWholeWhereItGoesOnBelow) {
  const std::string name = "unet small ×0.0625, batch 2";
  Table table{.columns = {{"network"}, {"engine"}},
              .rows = {{name, "torchscript"}, {"unet small ×0.125, batch 2", "eager"}},
              .keys = 2};
  for (const std::string heading : {"a", "b", "c", "d", "e"}) {
    table.columns.push_back(number_column("number " + heading));
    for (auto& row : table.rows) row.emplace_back(0.5);
  }
  const std::string shown = to_text(table, 80);
  EXPECT_EQ(core::split(shown, '\n').size(), 10U) << shown;
  EXPECT_THAT(shown, AllOf(HasSubstr('\n' + name + "  torchscript    0.5000"), Not(HasSubstr("…"))));
  for (const std::string& line : core::split(shown, '\n')) EXPECT_LE(width(line), 80U) << line;
}

TEST(Table, WritesJsonWithAnObjectARow) {
  EXPECT_EQ(core::Json::parse(to_json_text(sample())),
            core::Json::parse(R"([{"name": "a,\"b\"|<i>\n", "score": 0.3333333333333333, "exact": 0.25},
                                  {"name": "plain", "score": null, "exact": -2.0}])"));
}

TEST(Table, WritesLatexWithEverySpecialCharacterEscaped) {
  const std::string latex = to_latex(sample());
  EXPECT_THAT(latex, HasSubstr("\\caption{50 \\% \\& more\\_}"));
  EXPECT_THAT(latex, HasSubstr("a,\"b\"|$<$i$>$  & 0.33 \\\\"));
  EXPECT_THAT(latex, HasSubstr("plain & -- \\\\"));
  EXPECT_THAT(latex, HasSubstr("\\begin{tabular}{lr}"));
}

TEST(Table, EscapesTextForMarkdownAndLatex) {
  EXPECT_EQ(markdown_text("<b>&lt; a_b _c_ `x` |\n"), "\\<b\\>\\&lt; a_b \\_c\\_ \\`x\\` \\| ");
  EXPECT_EQ(latex_text("[1] 5 % of \\x_y^2 {~}"),
            "{[}1] 5 \\% of \\textbackslash{}x\\_y\\textasciicircum{}2 \\{\\textasciitilde{}\\}");
}

TEST(Table, WritesHtmlWithScopesCaptionAndTrials) {
  const std::string html = to_html(sample());
  EXPECT_THAT(html, HasSubstr("<th scope=\"col\" data-key=\"name\">Name</th>"));
  EXPECT_THAT(html, HasSubstr("<th scope=\"row\">a,&quot;b&quot;|&lt;i&gt; </th>"));
  EXPECT_THAT(html, HasSubstr("<tr data-trials=\"t1\">"));
  EXPECT_THAT(html, HasSubstr("<data value=\"0.3333333333333333\" title=\"0.333333\">0.33</data>"));
  EXPECT_THAT(html, HasSubstr("<span title=\"no trial\">–</span>"));
  EXPECT_THAT(html, HasSubstr("<caption id=\"table-sample\">50 % &amp; more_</caption>"));
}

TEST(Table, GivesACellOneClass) {
  Cell number = 3;
  number.is_number = true;
  const Table table{.name = "t",
                    .caption = "",
                    .columns = {{.key = "candidate", .wrap = true}},
                    .rows = {{number}},
                    .row_heads = false};
  const std::string html = to_html(table);
  EXPECT_THAT(html, HasSubstr("<td class=\"n\"><data"));
}

}  // namespace
}  // namespace segbench::text
