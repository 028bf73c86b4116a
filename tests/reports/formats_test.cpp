// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "harness/core/files.h"
#include "reports/paper.h"
#include "reports/report.h"
#include "tests/reports/report_fixture.h"
#include "tests/support/process.h"

namespace segbench::reports {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kHostileMarkup =
    "<b>|\\`$x$ #1 & 50% {~^_} \\end{document}\n\n# pwned [x](y) 模型 نموذج";

ReportModel model_of(const tests::FakeStudy& study) {
  const store::Store store = study.import();
  return build_model(conclusions::load_inputs(store, study.runs.path(), "sizes"));
}

void make_hostile(const tests::FakeStudy& study) {
  tests::edit_study(study.runs.path(), "sizes", [](core::Json& json) {
    for (core::Json& variant : json["variants"])
      variant["label"] = kHostileMarkup + variant["label"].get<std::string>();
    json["question"] = json["command"] = json["published"][0]["source"] = kHostileMarkup;
    json["claims"][0]["candidate_label"] = kHostileMarkup;
    json["audit"]["findings"][0]["message"] = kHostileMarkup;
  });
}

TEST(Markdown, SaysVerdictClaimsLeaderboardAndCommands) {
  const tests::FakeStudy study;
  const std::string text = render_markdown(model_of(study), "2026-01-02", "1.2.3");
  EXPECT_TRUE(text.starts_with("# Can a smaller network replace the full one?\n"));
  for (const char* part :
       {"\n**", "\n## Claims\n", "\n## Leaderboard\n", "| Variant", "## Differences",
        "<summary>IoU of each class</summary>", "<summary>Leader and runner-up, class by class",
        "    segbench report sizes --check\n", "Made by Segbench 1.2.3 on 2026-01-02."})
    EXPECT_THAT(text, HasSubstr(part));
  EXPECT_THAT(text, Not(HasSubstr("| MACs"))) << "a pull request is narrow";
}

TEST(Markdown, IsNoOnesMarkup) {
  const tests::FakeStudy study;
  make_hostile(study);
  std::string text = render_markdown(model_of(study), "2026-01-02", "1.2.3");
  text.erase(text.find("\n    "));  // the commands, as code
  EXPECT_THAT(text, Not(HasSubstr("<b>")));
  EXPECT_THAT(text, Not(HasSubstr("\n# pwned")));
  EXPECT_THAT(text, Not(HasSubstr("[x](y)")));
  EXPECT_THAT(text, HasSubstr("\\<b\\>\\|\\\\"));
  // Every row of a table has as many cells as its head.
  std::size_t cells = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = text.substr(at, end - at);
    std::size_t bars = 0;
    for (std::size_t i = 0; i < line.size(); ++i) bars += line[i] == '|' && (i == 0 || line[i - 1] != '\\');
    if (!line.starts_with("| "))
      cells = 0;
    else if (cells == 0)
      cells = bars;
    else
      EXPECT_EQ(bars, cells) << line;
    at = end + 1;
  }
}

/// Every group and environment that is opened is closed, in order.
void expect_balanced(const std::string& text) {
  std::vector<std::string> open;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_comment = text[i] == '%' && (i == 0 || text[i - 1] != '\\');
    if (is_comment) i = std::min(text.find('\n', i), text.size());
    if (i >= text.size()) break;
    if (text.compare(i, 7, "\\begin{") == 0) open.push_back(text.substr(i + 7, text.find('}', i) - i - 7));
    if (text.compare(i, 5, "\\end{") == 0) {
      ASSERT_FALSE(open.empty());
      EXPECT_EQ(open.back(), text.substr(i + 5, text.find('}', i) - i - 5));
      open.pop_back();
    }
    if (text[i] == '\\') {
      ++i;  // an escaped brace is none
      continue;
    }
    if (text[i] == '{') open.push_back("{");
    if (text[i] == '}') {
      ASSERT_TRUE(!open.empty() && open.back() == "{") << text.substr(i > 40 ? i - 40 : 0, 60);
      open.pop_back();
    }
  }
  EXPECT_THAT(open, testing::IsEmpty());
}

TEST(Latex, IsADocumentWithTablesAndFigures) {
  const tests::FakeStudy study;
  make_hostile(study);
  const ReportModel model = model_of(study);
  const std::string text = render_latex(model, make_plots(model), "2026-01-02", "1.2.3");
  expect_balanced(text);
  EXPECT_THAT(text, HasSubstr("\\usepackage{booktabs,graphicx}"));
  EXPECT_THAT(text, HasSubstr("\\input{tables/leaderboard}"));
  EXPECT_THAT(text, HasSubstr("{plots/strip.pdf}"));
  std::size_t ends = 0;
  for (std::size_t at = text.find("\\end{document}"); at != std::string::npos;
       at = text.find("\\end{document}", at + 1))
    ++ends;
  EXPECT_EQ(ends, 1u) << "no name ends it";
}

TEST(Latex, CompilesWhateverThingsAreCalled) {
  if (std::system("pdflatex --version > /dev/null 2>&1") != 0)
    GTEST_SKIP() << "SKIPPED: no pdflatex (Debian: apt-get install texlive-latex-recommended)";
  if (std::system("gnuplot --version > /dev/null 2>&1") != 0) GTEST_SKIP() << "SKIPPED: no gnuplot";
  const tests::FakeStudy study;
  make_hostile(study);
  ReportOptions options;
  options.latex = true;
  const WrittenReport written = write_report(study.import(), study.runs.path(), "sizes", options);
  const std::filesystem::path folder = written.page.parent_path();
  const tests::ProcessResult result =
      tests::run_process({"pdflatex", "-interaction=nonstopmode", "-halt-on-error", "report"}, folder);
  EXPECT_EQ(result.exit_code, 0) << result.out.substr(result.out.size() > 3000 ? result.out.size() - 3000
                                                                               : 0);
  EXPECT_GT(std::filesystem::file_size(folder / "report.pdf"), 20'000u);
}

TEST(Formats, MarkdownIsAlwaysThereAndLatexOnRequest) {
  const tests::FakeStudy study;
  ReportOptions options;
  options.plots = false;
  const WrittenReport written = write_report(study.import(), study.runs.path(), "sizes", options);
  EXPECT_TRUE(std::filesystem::exists(written.page.parent_path() / "report.md"));
  EXPECT_FALSE(std::filesystem::exists(written.page.parent_path() / "report.tex"));
}

}  // namespace
}  // namespace segbench::reports
