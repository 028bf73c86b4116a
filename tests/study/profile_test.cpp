// SPDX-License-Identifier: MIT
#include "harness/study/profile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/study/study.h"
#include "tests/support/temporary_folder.h"

namespace segbench::study {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class ProfileFiles : public testing::Test {
 protected:
  Profile load(const std::string& text, const std::vector<std::string>& overrides = {}) {
    core::write_file_atomically(folder_ / "p.toml", text);
    return load_profile(folder_ / "p.toml", overrides);
  }
  std::string problems(const std::string& text) {
    try {
      load(text);
    } catch (const core::UserError& error) {
      std::string all;
      for (const core::Problem& problem : error.problems()) all += problem.to_string() + "\n";
      return all;
    }
    return "";
  }

  segbench::tests::TemporaryFolder folder_;
};

TEST_F(ProfileFiles, SayWhatIsMeasured) {
  const Profile profile = load(R"(schema = 1
name = "p"
question = "Which?"
[profile]
models = ["unet:small", "a.onnx"]
batch = [1, 8]
resolution = ["96x128"]
commands = { mine = ["python3", "mine.py"] }
)",
                               {"profile.seconds=5", "profile.batch=[4]"});
  EXPECT_EQ(profile.name, "p");
  EXPECT_EQ(profile.question, "Which?");
  EXPECT_THAT(profile.settings.models, ElementsAre("unet:small", "a.onnx"));
  EXPECT_THAT(profile.settings.batch, ElementsAre(4));
  EXPECT_EQ(profile.settings.seconds, 5);
  EXPECT_THAT(profile.settings.precision, ElementsAre("float32"));
  EXPECT_THAT(profile.settings.commands.at("mine"), ElementsAre("python3", "mine.py"));
  EXPECT_EQ(to_json(profile_settings_from_json(to_json(profile.settings))), to_json(profile.settings));
}

TEST_F(ProfileFiles, AreReadStrictly) {
  const std::string found = problems(R"(schema = 1
name = "p"
[profile]
models = ["unet:small"]
batch = [0]
precision = ["float8"]
median_within = 2
bach = [1]
)");
  EXPECT_THAT(found, HasSubstr("p.toml:5:9: profile.batch must be"));
  EXPECT_THAT(found, HasSubstr("p.toml:6:13: profile.precision must be"));
  EXPECT_THAT(found, HasSubstr("p.toml:7:17: profile.median_within must be"));
  EXPECT_THAT(found, HasSubstr("p.toml:8:1: "));
  EXPECT_THAT(problems("schema = 1\nname = \"p\"\n[profile]\nmodels = [\"u\"]\nresolution = [\"12\"]\n"),
              HasSubstr("p.toml:5:14: profile.resolution must hold sizes HEIGHTxWIDTH"));
  EXPECT_THAT(problems("schema = 1\nname = \"p\"\n[profile]\n"),
              HasSubstr("profile.models must name at least one"));
  EXPECT_THAT(problems("schema = 1\nname = \"p\"\n"), HasSubstr("[profile] is missing"));
  EXPECT_THAT(problems("schema = 1\nname = \"p\"\n[profile]\nmodels = [\"u\"]\ncommands = { a = \"b\" }\n"),
              HasSubstr("profile.commands.a must be a list of words"));
}

TEST_F(ProfileFiles, MayBeStudies) {
  const std::filesystem::path source =
      std::filesystem::path(SEGBENCH_SOURCE_DIR) / "experiments/quickstart.toml";
  core::write_file_atomically(folder_ / "s.toml",
                              core::read_file(source) + "\n[profile]\nmodels = [\"unet:small\"]\n");
  EXPECT_EQ(load_study(folder_ / "s.toml").variants.size(), load_study(source).variants.size());
  EXPECT_EQ(load_profile(folder_ / "s.toml").name, "quickstart");
}

TEST_F(ProfileFiles, MayTellWhatOthersPublished) {
  const std::string head = "schema = 1\nname = \"p\"\n[profile]\nmodels = [\"unet:small\"]\npasses = 5\n";
  const Profile profile = load(head + "published = { \"unet:small\" = 9.3 }\n");
  EXPECT_EQ(profile.settings.passes, 5);
  EXPECT_EQ(profile.settings.published.at("unet:small"), 9.3);
  EXPECT_EQ(to_json(profile_settings_from_json(to_json(profile.settings))), to_json(profile.settings));
  EXPECT_THAT(problems(head + "published = { a = \"9 s\" }\n"),
              HasSubstr("profile.published of a must be a number of seconds above 0"));
}

TEST(ProfileExperiments, AreSound) {
  int files = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::filesystem::path(SEGBENCH_SOURCE_DIR) / "experiments")) {
    const std::string name = entry.path().filename();
    if (!name.starts_with("profile_")) continue;
    ++files;
    EXPECT_EQ(load_profile(entry.path()).name + ".toml", name);
  }
  EXPECT_GE(files, 4);
}

}  // namespace
}  // namespace segbench::study
