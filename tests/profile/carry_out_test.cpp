// SPDX-License-Identifier: MIT
#include "harness/profile/carry_out.h"

#include <gtest/gtest.h>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/engines/model_file.h"
#include "tests/support/temporary_folder.h"

namespace segbench::profile {
namespace {

study::Profile two_networks() {
  study::Profile profile;
  profile.name = "there";
  profile.question = "Which?";
  profile.settings.models = {"unet:small", "pspnet:small"};
  profile.settings.widths = {0.0625};
  profile.settings.resolution = {"64x96"};
  profile.settings.batch = {1, 3};
  profile.settings.classes = 5;
  return profile;
}

TEST(CarriedOutProfile, HoldsAllThatEnginesAreGiven) {
  const segbench::tests::TemporaryFolder folder;
  carry_out_profile(two_networks(), "/no/runs", folder / "out");
  const core::Json plan = core::Json::parse(core::read_file(folder / "out/plan.json"));
  EXPECT_EQ(plan.at("name"), "there");
  EXPECT_EQ(plan.at("question"), "Which?");
  EXPECT_EQ(plan.at("settings").at("batch"), core::Json({1, 3}));
  ASSERT_EQ(plan.at("networks").size(), 2U);
  for (const core::Json& network : plan.at("networks")) {
    EXPECT_EQ(network.at("outputs"), 5);
    EXPECT_GT(network.at("cost").at("macs"), 0);
    const engines::ModelFile file(folder / "out" / network.at("files").at("segbench").get<std::string>());
    EXPECT_EQ(network.at("settings").at("model"), file.network().architecture + ":small");
    const std::string code =
        core::read_file(folder / "out" / network.at("files").at("python").get<std::string>());
    EXPECT_NE(code.find("class Network"), std::string::npos);
    EXPECT_FALSE(network.at("files").contains("onnx"));
    for (const int batch : {1, 3}) {
      const std::filesystem::path images =
          folder / "out" / network.at("inputs").at(std::to_string(batch)).get<std::string>();
      EXPECT_EQ(std::filesystem::file_size(images), batch * 3U * 64 * 96 * 4);
    }
  }
}

TEST(CarriedOutProfile, RefusesWhatIsNoNetwork) {
  const segbench::tests::TemporaryFolder folder;
  study::Profile profile = two_networks();
  profile.settings.models = {"unett:small"};
  EXPECT_THROW(carry_out_profile(profile, "/no/runs", folder / "out"), core::UserError);
  EXPECT_FALSE(std::filesystem::exists(folder / "out/plan.json"));
}

}  // namespace
}  // namespace segbench::profile
