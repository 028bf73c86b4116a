// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "harness/core/files.h"
#include "tests/programs/workspace.h"
#include "tests/support/fake_trials.h"

// What every command does when its standard streams, its limits or its outputs are not as usual.

namespace segbench::tests {
namespace {

using testing::AnyOf, testing::HasSubstr, testing::IsEmpty, testing::Not;

class Streams : public testing::Test {
 protected:
  Streams() {
    write_fake_study(work_.path() / "runs", fake_trials({"small", "medium"}, {1, 2, 3}));
    EXPECT_EQ(shell("segbench import").exit_code, 0);
  }
  /// Runs a line of shell in which `segbench` is the program.
  ProcessResult shell(const std::string& line) const {
    const std::string text = "segbench() { " + work_.command({})[0] + " \"$@\"; }\n" + line;
    return run_process({"bash", "-c", text}, work_.path());
  }

  Workspace work_;
};

const std::vector<std::string> kPrinting = {"models",
                                            "compare",
                                            "compare --format json",
                                            "compare --format csv",
                                            "compare --format md",
                                            "status",
                                            "metrics",
                                            "export trials",
                                            "export counts",
                                            "report --no-plots",
                                            "import",
                                            "--help",
                                            "compare --help",
                                            "--version",
                                            "models --format json",
                                            "report --check"};

TEST_F(Streams, OutputThatCannotBeWrittenIsAnErrorInEveryCommand) {
  ASSERT_EQ(shell("segbench report --no-plots").exit_code, 0);
  for (const std::string& command : kPrinting) {
    for (const std::string where : {">/dev/full", ">&-"}) {
      const ProcessResult result = shell("segbench " + command + " " + where);
      EXPECT_EQ(result.exit_code, 1) << command << " " << where;
      EXPECT_THAT(result.err, HasSubstr("standard output cannot be written")) << command << " " << where;
      EXPECT_THAT(result.err, Not(HasSubstr("defect"))) << command << " " << where;
    }
  }
}

TEST_F(Streams, ALogThatCannotBeWrittenStopsNothing) {
  ASSERT_EQ(shell("segbench report --no-plots").exit_code, 0);
  for (const std::string& command : kPrinting) {
    const std::string usual = shell("segbench " + command).out;
    for (const std::string where : {"2>/dev/full", "2>&-", "0<&- 2>&-"}) {
      const ProcessResult result = shell("segbench " + command + " " + where);
      EXPECT_EQ(result.exit_code, 0) << command << " " << where;
      EXPECT_EQ(result.out, usual) << command << " " << where;
    }
  }
  EXPECT_EQ(shell("segbench compare nothing 2>/dev/full >/dev/full").exit_code, 2);
}

TEST_F(Streams, AReaderThatGoesAwayEndsItAsUsual) {
  const ProcessResult result =
      shell("segbench export counts --format json | head -c1; exit ${PIPESTATUS[0]}");
  EXPECT_THAT(result.exit_code, AnyOf(0, 141));
  EXPECT_THAT(result.err, IsEmpty());
}

TEST_F(Streams, LimitsAreNamedAsSuch) {
  for (const auto& [limit, hint] : {std::pair{"ulimit -f 0", "ulimit -f"},
                                    {"exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&-; ulimit -n 6", "ulimit -n"}}) {
    const ProcessResult result = shell(fmt::format("({}; segbench report --no-plots) 2>&1 | cat", limit));
    EXPECT_THAT(result.out, HasSubstr(hint)) << limit;
    EXPECT_THAT(result.out, Not(HasSubstr("defect"))) << limit;
  }
  for (const auto& entry : std::filesystem::recursive_directory_iterator(work_.path()))
    EXPECT_THAT(entry.path().filename().string(), Not(AnyOf(HasSubstr("probe"), HasSubstr(".tmp-"))));
  ASSERT_EQ(shell("segbench report --no-plots").exit_code, 0);
  const ProcessResult temporary = shell("TMPDIR=/no/such/folder segbench report --check");
  EXPECT_EQ(temporary.exit_code, 1);
  EXPECT_THAT(temporary.err, HasSubstr("set TMPDIR"));
}

TEST_F(Streams, OnlyPlainFilesAreReplaced) {
  const std::string usual = shell("segbench export trials --format csv").out;
  const ProcessResult pipe =
      shell("mkfifo f; cat f & segbench export trials --format csv -o f; wait; test -p f");
  EXPECT_EQ(pipe.exit_code, 0) << "the pipe is still one";
  EXPECT_EQ(pipe.out, usual);
  EXPECT_EQ(shell("segbench export trials --format csv -o /dev/stdout | cat").out, usual);
  const ProcessResult link = shell(
      "mkdir d; echo old >d/t; ln -s d/t l; segbench export trials --format csv -o l; test -L l && cat d/t");
  EXPECT_EQ(link.exit_code, 0);
  EXPECT_EQ(link.out, usual);
  EXPECT_EQ(shell("segbench export trials --format csv -o /dev/full").exit_code, 1);
  EXPECT_EQ(
      shell(
          "mkdir r; ln -s r rl; segbench report --no-plots --output rl && test -L rl && test -f r/index.html")
          .exit_code,
      0);
}

TEST_F(Streams, ControlCharactersAreMadeVisible) {
  const ProcessResult result = shell("segbench compare $'\\e[31mred\\a'");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, Not(HasSubstr("\x1b")));
  EXPECT_THAT(result.err, HasSubstr("\\x1b[31mred\\x07"));
}

TEST_F(Streams, ASeedIsToldAsItWasWritten) {
  work_.write("s.toml", tiny_study("tiny", 1));
  const ProcessResult result = shell("segbench run s.toml --seeds -1");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("-1"));
  EXPECT_THAT(result.err, Not(HasSubstr("18446744073709551615")));
}

}  // namespace
}  // namespace segbench::tests
