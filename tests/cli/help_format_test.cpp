// SPDX-License-Identifier: MIT
#include "harness/cli/help_format.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/cli/command.h"
#include "harness/core/text.h"
#include "harness/text/utf8.h"

namespace segbench::cli {
namespace {

using testing::HasSubstr;

TEST(HelpFormat, BreaksLinesAndLeavesExamples) {
  CLI::App app("What it is about: words that fill more than one line of sixty columns.", "tool");
  app.formatter(std::make_shared<HelpFormat>(60));
  std::string metric, file;
  app.add_option("--metric", metric, "What to compare by (default: what the variants select by)")
      ->check(CLI::IsMember({"pixel_accuracy", "mean_class_accuracy", "boundary_f1", "surface_dice"}));
  app.add_option("FILE", file, "Short");
  app.add_subcommand("look", "Look at a folder of images with masks or annotations, and write a file");
  app.footer(
      "A first sentence that was broken\nby hand at another width, and goes on.\n\nExamples:\n"
      "  tool --metric pixel_accuracy FILE      an example that is wider than sixty columns\nMore "
      "elsewhere.");
  const std::string help = app.help();
  for (const std::string& line : core::split(help, '\n')) {
    if (line.find("an example") == std::string::npos) {
      EXPECT_LE(text::width(line), 60u) << line;
    }
  }
  EXPECT_THAT(help, HasSubstr("What it is about: words that fill more than one line of\nsixty columns.\n"));
  EXPECT_THAT(help, HasSubstr("  FILE TEXT                   Short\n"));
  EXPECT_THAT(help, HasSubstr("{pixel_accuracy,mean_class_accuracy,\n      boundary_f1,surface_dice}\n"
                              "                              What to compare by"));
  EXPECT_THAT(help, HasSubstr("\nA first sentence that was broken by hand at another width,\nand goes on.\n\n"
                              "Examples:\n  tool --metric pixel_accuracy FILE      an example"));
  EXPECT_THAT(help, HasSubstr("\nMore elsewhere.\n"));
}

TEST(HelpFormat, FitsAnOrdinaryTerminal) {
  CLI::App app("Segbench", "segbench");
  app.formatter(std::make_shared<HelpFormat>(80));
  Context context;
  for (const auto add : {add_init, add_compare, add_check, add_report, add_export, add_import, add_profile})
    add(app, context);
  for (const CLI::App* command : app.get_subcommands({})) {
    for (const std::string& line : core::split(command->help(), '\n')) {
      if (line.starts_with("  segbench ")) continue;  // an example to copy
      EXPECT_LE(text::width(line), 80u) << command->get_name() << ": " << line;
    }
  }
}

}  // namespace
}  // namespace segbench::cli
