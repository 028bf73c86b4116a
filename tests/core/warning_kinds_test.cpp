// SPDX-License-Identifier: MIT
#include "harness/core/warning_kinds.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <regex>
#include <set>

#include "harness/core/error.h"
#include "harness/core/files.h"

namespace segbench::core {
namespace {

using ::testing::HasSubstr;

const std::filesystem::path kRoot = SEGBENCH_SOURCE_DIR;

/// The keys with which the sources raise warnings, and the sources that make one without the list.
struct Raised {
  std::set<std::string> keys, elsewhere;
};

Raised raised_in_sources() {
  const std::regex raise(R"((?:make_warning|warning_finding|warn_of|warn|add)\(\s*(?:report, )?"(\w+)\")");
  const std::regex by_hand(R"(\bWarning\s*\{\s*(?:\.code\s*=\s*)?"(\w+)\")");
  Raised raised;
  for (const char* top : {"harness", "results", "reports"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(kRoot / top)) {
      if (entry.path().extension() != ".cpp" || entry.path().filename() == "warning_kinds.cpp") continue;
      const std::string text = read_file(entry.path());
      for (std::sregex_iterator at(text.begin(), text.end(), raise), end; at != end; ++at)
        raised.keys.insert((*at)[1]);
      if (std::regex_search(text, by_hand)) raised.elsewhere.insert(entry.path().string());
    }
  }
  return raised;
}

TEST(WarningKinds, HaveAKeyASentenceAndARemedyEach) {
  std::set<std::string_view> keys;
  const std::set<std::string_view> sources = {"audit",   "plan",   "run",        "trial",
                                              "machine", "import", "comparison", "report"};
  for (const WarningKind& kind : warning_kinds()) {
    EXPECT_TRUE(keys.insert(kind.key).second) << kind.key << " stands there twice";
    EXPECT_TRUE(sources.contains(kind.source)) << kind.key;
    EXPECT_FALSE(kind.sentence.empty()) << kind.key;
    EXPECT_FALSE(kind.remedy.empty()) << kind.key;
    EXPECT_EQ(find_warning(kind.key), &kind);
  }
}

TEST(WarningKinds, AreAllThatIsRaised) {
  const Raised raised = raised_in_sources();
  EXPECT_THAT(raised.elsewhere, ::testing::IsEmpty()) << "warnings come from make_warning()";
  for (const WarningKind& kind : warning_kinds())
    EXPECT_TRUE(raised.keys.contains(std::string(kind.key))) << "nothing raises " << kind.key;
}

TEST(WarningKinds, TakeTheirValues) {
  const Warning warning =
      make_warning("batch_exceeds_training_set", {{"batch", "8"}, {"images", "5 images"}, {"most", "{5}"}});
  EXPECT_EQ(warning.code, "batch_exceeds_training_set");
  EXPECT_THAT(warning.message,
              HasSubstr("training.batch_size = 8 is larger than the training set (5 images)"));
  EXPECT_EQ(warning.remedy, "Set training.batch_size to at most {5}.") << "values are no templates";
  EXPECT_THROW(make_warning("batch_exceeds_training_set", {{"batch", "8"}, {"images", "5"}}), InternalError);
  EXPECT_THROW(make_warning("selection_split", {{"split", "test"}}), InternalError);
  EXPECT_THROW(make_warning("no_such_warning"), InternalError);
}

TEST(WarningKinds, OfAnotherVersionAreJudgedByWhereTheyCameFrom) {
  EXPECT_TRUE(touches_scores(make_warning("selection_split"), "comparison"));
  EXPECT_FALSE(touches_scores(make_warning("different_machines"), "comparison"));
  EXPECT_TRUE(touches_scores({.code = "of_the_future", .message = "m", .remedy = ""}, "trial"));
  EXPECT_FALSE(touches_scores({.code = "of_the_future", .message = "m", .remedy = ""}, "machine"));
}

// docs/warnings.md is the list as a page. With SEGBENCH_UPDATE_DOCS set it is written instead.
std::string page() {
  const std::pair<const char*, const char*> sections[] = {
      {"audit", "Of the data (`segbench audit`, `plan`, `run`)"},
      {"plan", "Of the variants, before they are trained (`segbench plan`, `run`)"},
      {"run", "Of the start of a run (`segbench run`)"},
      {"trial", "Of trials"},
      {"machine", "Of the machine that trains"},
      {"import", "Of taking results into the store (`segbench import`, and whatever shows results)"},
      {"comparison", "Of the comparison (`segbench compare`, `metrics`, `report`)"},
      {"report", "Of the report"}};
  std::string text =
      "# Warnings\n\n"
      "Every warning about a study comes from this list, which is generated from\n"
      "`harness/core/warning_kinds.cpp`. One of *scores* may change who is ahead, and the verdict says so; "
      "one of\n"
      "*costs* makes times and memory doubtful. `{name}` stands for a value. Results of another version may "
      "hold\n"
      "others; they are shown as they were written.\n";
  for (const auto& [source, title] : sections) {
    text += std::string("\n## ") + title +
            "\n\n| warning | touches | what is the case | what to do |\n| --- | --- | --- | --- |\n";
    for (const WarningKind& kind : warning_kinds()) {
      if (kind.source != source) continue;
      text += "| `" + std::string(kind.key) + "` | " +
              (kind.touches == Touches::kScores ? "scores" : "costs") + " | " + std::string(kind.sentence) +
              " | " + std::string(kind.remedy) + " |\n";
    }
  }
  return text;
}

TEST(WarningKinds, StandInTheDocumentation) {
  const std::filesystem::path file = kRoot / "docs/warnings.md";
  if (std::getenv("SEGBENCH_UPDATE_DOCS") != nullptr) {
    write_file_atomically(file, page());
    return;
  }
  EXPECT_EQ(read_file(file), page()) << "run this test with SEGBENCH_UPDATE_DOCS=1 and review";
}

}  // namespace
}  // namespace segbench::core
