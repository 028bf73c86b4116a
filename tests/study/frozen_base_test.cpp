// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "harness/core/files.h"
#include "harness/core/identity.h"
#include "harness/core/part.h"
#include "harness/study/settings.h"
#include "tests/study/load.h"

// Ids hash what differs from the frozen base (docs/adr/0004), so that stored results are found again by
// programs that know more parameters.

namespace segbench::study {
namespace {

using core::Json;
using core::PartKind;

bool is_real(const core::PartSpec& part) {
  return !part.name.starts_with("fake_");
}

/// The defaults of a part as they are stored: settled, at size full.
Json stored_defaults(const core::PartSpec& part) {
  Json params = Json::object();
  for (const core::ParamSpec& param : core::listed_params(part)) {
    if (param.default_value) params[param.name] = *param.default_value;
  }
  core::settle_params(part, {{"model", {{"size", "full"}}}}, params);
  return params;
}

TEST(FrozenBase, HoldsEveryParameterOfEveryPart) {
  for (const PartKind kind : core::kPartKinds) {
    for (const core::PartSpec* part : core::PartRegistry::instance().all(kind)) {
      if (!is_real(*part)) continue;
      const Json frozen = core::frozen_base()
                              .value(std::string(to_string(kind)), Json::object())
                              .value(part->name, Json::object());
      Json missing = stored_defaults(*part);
      for (const auto& [name, value] : frozen.items()) missing.erase(name);
      EXPECT_TRUE(missing.empty()) << to_string(kind) << " " << part->name << ": add to harness/core/"
                                   << "frozen_base.cpp what the program did before it had this parameter: "
                                   << missing;
    }
  }
}

TEST(FrozenBase, HoldsEverySettingThatHasADefault) {
  const auto expect_frozen = [](const char* table, const std::vector<core::ParamSpec>& specs) {
    for (const core::ParamSpec& spec : specs) {
      // Of these the id holds what they come to, or nothing when they are not set.
      if (!spec.default_value || spec.default_value->is_null() || spec.name == "weights_exclude" ||
          spec.name == "freeze")
        continue;
      EXPECT_TRUE(core::frozen_base().at(table).contains(spec.name)) << table << "." << spec.name;
    }
  };
  expect_frozen("data", data_settings());
  expect_frozen("model", model_settings());
  expect_frozen("training", training_settings());
}

TEST(FrozenBase, OnlyGrows) {
  const std::filesystem::path copy =
      std::filesystem::path(SEGBENCH_SOURCE_DIR) / "tests/data/frozen_base.json";
  const Json then = Json::parse(core::read_file(copy)).flatten();
  const Json now = core::frozen_base().flatten();
  for (const auto& [path, value] : then.items()) {
    ASSERT_TRUE(now.contains(path)) << path
                                    << " has gone from the frozen base: every id that left it out is lost";
    EXPECT_EQ(now.at(path), value) << path
                                   << " has changed in the frozen base: every id that left it out is lost";
  }
}

/// "FILE LABEL ID" of the variants of an experiment file of the project.
std::vector<std::string> ids_of(const std::string& name) {
  std::vector<std::string> lines;
  const auto file = std::filesystem::path(SEGBENCH_SOURCE_DIR) / "experiments" / name;
  for (const core::Variant& variant : load_study(file).variants)
    lines.push_back(variant.label + " " + variant.id);
  return lines;
}

// Stored results of these files are found again by these ids. When a default has changed on purpose, the file
// says the old value, and the id stays. (CamVid has no background, so its default score is now another one,
// and the old one is refused: those ids had to change.)
TEST(FrozenBase, KeepsTheIdsOfRealStudies) {
  using Ids = std::vector<std::string>;
  EXPECT_EQ(ids_of("camvid.toml"), (Ids{"unet 2974051777450232", "fcn c0dea3eb9fc9bb84"}));
  EXPECT_EQ(ids_of("voc_course_sizes.toml"),
            (Ids{"small 6e4556b21592bc70", "medium 2b55910ab75b78fa", "full 5428cbe7f86d9077"}));
  EXPECT_EQ(ids_of("voc_course_architectures.toml"),
            (Ids{"fcn lr=0.001 625ecd78bd032c07", "fcn lr=0.0001 cc7ab916bc9492b9",
                 "fcn lr=1e-05 a300f62e645ca68b", "unet lr=0.001 batch_norm_momentum=0.99 5101c1fad7e6beee",
                 "unet lr=0.0001 batch_norm_momentum=0.99 5428cbe7f86d9077",
                 "unet lr=1e-05 batch_norm_momentum=0.99 d6e305af1e54e3ef",
                 "resunet lr=0.001 batch_norm_momentum=0.99 33c3e65ad246b5f3",
                 "resunet lr=0.0001 batch_norm_momentum=0.99 5efe9981e5b2a5c6",
                 "resunet lr=1e-05 batch_norm_momentum=0.99 a906d5035f17636a",
                 "pspnet lr=0.001 batch_norm_momentum=0.99 b7ac083bb084f132",
                 "pspnet lr=0.0001 batch_norm_momentum=0.99 a127a3745713af7d",
                 "pspnet lr=1e-05 batch_norm_momentum=0.99 29a1358baa1c81d9"}));
  EXPECT_EQ(ids_of("voc_course_weights.toml"),
            (Ids{"class_weights=none 8dcfa653c6de0af2", "class_weights=inverse_frequency 5428cbe7f86d9077",
                 "class_weights=neg_log_frequency 724158324dded433"}));
}

constexpr const char* kDefaultStudy =
    "schema = 1\nname = \"real\"\n[data]\nkind = \"shapes\"\n[model]\narchitecture = \"unet\"\n[training]\n"
    "epochs = 1\nbatch_size = 4\nloss = \"cross_entropy\"\noptimizer = \"adam\"\naugment = "
    "[\"horizontal_flip\"]\n";

TEST(FrozenBase, AnExplicitDefaultMakesTheSameVariantAsAnOmittedOne) {
  const Folder folder;
  const auto id = [&](const std::vector<std::string>& overrides) {
    return load_study(folder.write("study.toml", kDefaultStudy), overrides).variants.at(0).id;
  };
  const std::string plain = id({});
  for (const char* setting :
       {"model.size=full", "model.width=1", "model.freeze=none", "data.split_seed=0", "data.difficulty=0.5",
        "model.batch_norm_momentum=0.9", "model.batch_norm_epsilon=1e-3", "model.output_stride=32",
        "training.select=best", "training.batch_norm_statistics=moving", "training.optimizer.epsilon=1e-7",
        "training.optimizer.learning_rate=1e-3", "training.loss.class_weights=none",
        "training.augment=[{ name = \"horizontal_flip\", probability = 0.5 }]"}) {
    EXPECT_EQ(id({setting}), plain) << setting;
  }
  for (const char* setting : {"model.batch_norm_momentum=0.99", "training.batch_norm_statistics=precise",
                              "training.optimizer.epsilon=1e-8", "training.augment=[]", "data.data_seed=2"}) {
    EXPECT_NE(id({setting}), plain) << setting;
  }
  // What null stands for depends on the rest, and so does the value that may be written out.
  EXPECT_EQ(id({"model.encoder=resnet18"}), id({"model.encoder=resnet18", "model.batch_norm_epsilon=1e-5"}));
  EXPECT_EQ(id({"model.architecture=resunet", "model.size=published"}),
            id({"model.architecture=resunet", "model.size=published", "model.batch_norm_momentum=0.99",
                "model.dropout=0.1"}));
}

}  // namespace
}  // namespace segbench::study
