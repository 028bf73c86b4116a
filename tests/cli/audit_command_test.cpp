// SPDX-License-Identifier: MIT
#include <fstream>

#include "tests/cli/run_command.h"
#include "tests/support/temporary_folder.h"

namespace segbench::tests {
namespace {

using testing::HasSubstr, testing::Not;

CommandOutput audit_of(const TemporaryFolder& folder, const std::string& data) {
  const std::filesystem::path file = folder / "s.toml";
  std::ofstream(file)
      << "schema = 1\nname = \"t\"\n[data]\n"
      << data
      << "[model]\narchitecture = \"unet\"\nsize = \"small\"\n[training]\nepochs = 1\nbatch_size = "
         "4\nloss = \"cross_entropy\"\noptimizer = \"adam\"\n";
  return run_command(cli::add_audit, {folder / "runs", "table", 0}, {"audit", file.string()});
}

TEST(AuditCommand, OfAFolderThatIsRefusedTellsNoSizeAndWhatIsThere) {
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder / "data/pictures");
  const CommandOutput output =
      audit_of(folder, "kind = \"folders\"\nroot = \"data\"\nclasses = [\"background\", \"a\"]\n");
  EXPECT_EQ(output.exit_code, core::kAuditRefused);
  EXPECT_THAT(output.out, Not(HasSubstr("0 x 0")));
  EXPECT_THAT(output.out, HasSubstr("there is no folder images/; there: pictures/"));
  EXPECT_THAT(output.out, HasSubstr("The data are refused."));
}

TEST(AuditCommand, OfBuiltInDataTellsHeightAndWidth) {
  const TemporaryFolder folder;
  const CommandOutput output = audit_of(folder, "kind = \"shapes\"\nresolution = [32, 48]\n");
  EXPECT_EQ(output.exit_code, 0);
  EXPECT_THAT(output.out, HasSubstr("shapes: 32 x 48, 3 channels"));
  EXPECT_THAT(output.out, HasSubstr("The data are fit for use."));
  EXPECT_THAT(output.out, Not(HasSubstr("not checked")));
}

TEST(AuditCommand, CountsWhatItWarnsOf) {
  const TemporaryFolder folder;
  const CommandOutput output =
      audit_of(folder, "kind = \"shapes\"\nresolution = [32, 48]\ntest_images = 3\n");
  EXPECT_EQ(output.exit_code, 0);
  EXPECT_THAT(output.out, HasSubstr("the test split has 3 images"));
  EXPECT_THAT(output.out, testing::ContainsRegex("The data can be used, with [1-9][0-9]* warnings?\\."));
}

}  // namespace
}  // namespace segbench::tests
