// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "architectures/networks/published_counts.h"
#include "harness/core/part.h"
#include "tests/cli/run_command.h"

namespace segbench {
namespace {

using core::Json;
using testing::HasSubstr;
using tests::CommandOutput;

CommandOutput models(const std::vector<std::string>& arguments, const std::string& format = "json") {
  cli::Context context;
  context.format = format;
  std::vector<std::string> all = {"models"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return tests::run_command(cli::add_models, context, all);
}

TEST(Models, ListsEverySizeOfEveryArchitecture) {
  const Json rows = models({}).json();
  std::size_t sizes = 0;
  for (const std::string& name : core::PartRegistry::instance().names(core::PartKind::kArchitecture)) {
    sizes += architectures::sizes_of(name).size();
  }
  EXPECT_EQ(rows.size(), sizes);
  for (const Json& row : rows) EXPECT_GT(row.at("parameters").get<std::int64_t>(), 1000) << row;
}

TEST(Models, ListsTheEncoders) {
  const Json rows = models({"--encoders", "--input", "224x224"}).json();
  EXPECT_EQ(rows.size(), core::PartRegistry::instance().names(core::PartKind::kEncoder).size());
  const auto resnet =
      std::find_if(rows.begin(), rows.end(), [](const Json& row) { return row.at("encoder") == "resnet50"; });
  ASSERT_NE(resnet, rows.end());
  EXPECT_EQ(resnet->at("parameters"), 23508032);
  EXPECT_EQ(resnet->at("channels"), "64 256 512 1024 2048");
}

TEST(Models, ShowsTheLayersOfANetworkOnTheEncoderChosen) {
  const Json rows = models({"deeplabv3", "--encoder", "resnet18", "--output-stride", "16", "--set",
                            "atrous_rates=[6,12]", "--input", "64x96", "--classes", "5"})
                        .json();
  const auto find = [&](const std::string& name) {
    return std::find_if(rows.begin(), rows.end(), [&](const Json& row) { return row.at("layer") == name; });
  };
  ASSERT_NE(find("encoder.layer4.1.bn2"), rows.end());
  EXPECT_EQ(find("encoder.layer4.1.bn2")->at("output"), "4x6x512");
  EXPECT_NE(find("classifier.0.convs.2.0"), rows.end());
  EXPECT_EQ(find("classifier.0.convs.4.1"), rows.end()) << "two rates make four branches";
  EXPECT_EQ(rows.back().at("output"), "64x96x5");
  EXPECT_THAT(models({"deeplabv3"}, "table").out, HasSubstr("encoder resnet50"));
}

TEST(Models, ExplainsMistakes) {
  EXPECT_THAT(models({"deeplabv3", "--encoder", "resnet51"}).error, HasSubstr("did you mean"));
  EXPECT_THAT(models({"unet", "--set", "encoder"}).error, HasSubstr("KEY=VALUE"));
  EXPECT_EQ(models({"deeplabv3", "--output-stride", "12"}).exit_code, core::kUsage);
}

TEST(Models, ChecksEveryPublishedCount) {
  const CommandOutput card = models({"--check"});
  EXPECT_EQ(card.exit_code, core::kSuccess) << card.err << models({"--check"}, "table").out;
  const Json rows = card.json();
  EXPECT_GE(rows.size(), architectures::published_counts().size());
  for (const Json& row : rows) {
    EXPECT_EQ(row.at("expected"), row.at("found")) << row;
    EXPECT_FALSE(row.at("source").get<std::string>().empty());
  }
}

}  // namespace
}  // namespace segbench
