// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <fstream>

#include "harness/core/files.h"
#include "harness/data/codecs/image_file.h"
#include "tests/cli/run_command.h"
#include "tests/support/temporary_folder.h"

// `init`, and what looks at data and fetches them.

namespace segbench::tests {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// 20 noisy pictures with a square on each, and grey masks of 0 and 255.
void write_set(const fs::path& root) {
  fs::create_directories(root / "pictures");
  fs::create_directories(root / "labels");
  for (int i = 0; i < 20; ++i) {
    data::Image image{32, 32, 3, std::vector<std::uint8_t>(32 * 32 * 3)};
    data::Image mask{32, 32, 1, std::vector<std::uint8_t>(32 * 32)};
    for (std::size_t p = 0; p < image.pixels.size(); ++p)
      image.pixels[p] =
          static_cast<std::uint8_t>((p * 2654435761U + static_cast<std::size_t>(i) * 40503U) >> 9);
    for (std::size_t y = 4; y < 20; ++y) {
      for (std::size_t x = 4; x < 20; ++x) mask.pixels[y * 32 + x] = 255;
    }
    data::write_png(root / "pictures" / fmt::format("p{:02}.png", i), image);
    data::write_png(root / "labels" / fmt::format("p{:02}_mask.png", i), mask);
  }
}

TEST(InitCommand, WritesAFileThatAuditAndPlanAccept) {
  const TemporaryFolder folder;
  write_set(folder / "my cells");
  const std::string file = (folder / "cells.toml").string();
  const cli::Context context{folder / "runs", "table", 0};
  const CommandOutput made =
      run_command(cli::add_init, context, {"init", (folder / "my cells").string(), "--file", file});
  EXPECT_EQ(made.exit_code, 0) << made.error << made.err;
  EXPECT_EQ(made.out, file + "\n");
  const std::string text = core::read_file(file);
  for (const char* line : {"name = \"my-cells\"", "images = \"pictures\"", "masks = \"labels\"",
                           "mask_suffix = \"_mask\"", "mask_values = [0, 255]", "resolution = [32, 32]"})
    EXPECT_THAT(text, HasSubstr(line));
  const CommandOutput audit = run_command(cli::add_audit, context, {"audit", file});
  EXPECT_EQ(audit.exit_code, 0) << audit.out << audit.error;
  EXPECT_THAT(audit.out, HasSubstr("The data can be used, with 2 warnings."));
  const CommandOutput plan = run_command(cli::add_plan, context, {"plan", file});
  EXPECT_EQ(plan.exit_code, 0) << plan.error;
  // It never writes over a file.
  const CommandOutput again =
      run_command(cli::add_init, context, {"init", (folder / "my cells").string(), "--file", file});
  EXPECT_EQ(again.exit_code, core::kUsage);
  EXPECT_EQ(core::read_file(file), text);
}

TEST(InitCommand, TellsWhatIsWrongBeforeItWrites) {
  const TemporaryFolder folder;
  write_set(folder / "Zellen (2)");
  const cli::Context context{folder / "runs", "table", 0};
  const auto init = [&](const std::string& file, const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"init", (folder / "Zellen (2)").string(), "--file",
                                          (folder / file).string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_command(cli::add_init, context, arguments);
  };
  const CommandOutput badly_named = init("a.toml", {"--name", "a b"});
  EXPECT_EQ(badly_named.exit_code, core::kUsage);
  EXPECT_THAT(badly_named.error, HasSubstr("--name must be 1 to 100 letters"));
  EXPECT_FALSE(fs::exists(folder / "a.toml")) << "which would have to be removed by hand";
  EXPECT_THAT(init("missing/a.toml", {}).error, HasSubstr("there is no folder"));
  EXPECT_EQ(init("b.toml", {}).exit_code, 0);
  EXPECT_THAT(core::read_file(folder / "b.toml"), HasSubstr("name = \"Zellen-2\""));
}

std::string study_file(const TemporaryFolder& folder) {
  const fs::path file = folder / "s.toml";
  std::ofstream(file)
      << "schema = 1\nname = \"t\"\n[data]\nkind = \"shapes\"\ntrain_images = 12\nselection_images = 4\n"
         "test_images = 4\n[model]\narchitecture = \"unet\"\n[training]\nepochs = 1\nbatch_size = 4\n"
         "loss = \"cross_entropy\"\noptimizer = \"adam\"\naugment = [\"classmix\", \"elastic\"]\n";
  return file.string();
}

TEST(DataCommand, DescribesAndDrawsSheets) {
  const TemporaryFolder folder;
  const cli::Context context{folder / "runs", "table", 0};
  const std::string file = study_file(folder), sheet = (folder / "look.png").string(),
                    augmented = (folder / "augmented.png").string();
  const CommandOutput described =
      run_command(cli::add_data, context, {"data", "describe", file, "--sheet", sheet, "--samples", "3"});
  EXPECT_EQ(described.exit_code, 0) << described.error;
  EXPECT_THAT(described.out, HasSubstr("20 samples, of which 12 train, 4 selection, 4 test"));
  EXPECT_THAT(described.out, HasSubstr("train_images"));
  EXPECT_TRUE(fs::exists(sheet));
  const CommandOutput json =
      run_command(cli::add_data, {folder / "runs", "json", 0}, {"data", "describe", file});
  EXPECT_EQ(json.json().at("sizes").at(0).at("images"), 20);
  const CommandOutput drawn =
      run_command(cli::add_data, context,
                  {"data", "augment", file, "--sheet", augmented, "--samples", "2", "--epochs", "3"});
  EXPECT_EQ(drawn.exit_code, 0) << drawn.error;
  EXPECT_TRUE(fs::exists(augmented));
}

TEST(DataCommand, TellsWhatCanBeFetchedAndHow) {
  const cli::Context context{"runs", "csv", 0};
  const CommandOutput list = run_command(cli::add_data, context, {"data", "fetch", "--list"});
  EXPECT_THAT(list.out, HasSubstr("oxford_pet"));
  EXPECT_THAT(list.out, HasSubstr("needs an account"));
  const CommandOutput account = run_command(cli::add_data, context, {"data", "fetch", "tgs_salt"});
  EXPECT_EQ(account.exit_code, core::kUsage);
  EXPECT_THAT(account.error, HasSubstr("https://www.kaggle.com/c/tgs-salt-identification-challenge"));
  EXPECT_THAT(run_command(cli::add_data, context, {"data", "fetch", "oxford_pets"}).error,
              HasSubstr("did you mean \"oxford_pet\"?"));
}

}  // namespace
}  // namespace segbench::tests
