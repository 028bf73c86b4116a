// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <cstdlib>

#include "harness/core/files.h"
#include "harness/core/identity.h"
#include "harness/core/part.h"
#include "harness/core/variant_fields.h"
#include "harness/study/part_page.h"
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

/// The base values that a part's own specification says, of parameters that frozen_base.cpp does not have.
Json own_base(const core::PartSpec& part) {
  const Json frozen = core::frozen_base()
                          .value(std::string(to_string(part.kind)), Json::object())
                          .value(part.name, Json::object());
  Json base = Json::object();
  for (const core::ParamSpec& param : core::listed_params(part)) {
    if (param.default_value && !frozen.contains(param.name))
      base[param.name] = param.base.value_or(*param.default_value);
  }
  return base;
}

// tests/data/frozen/KIND/NAME.json holds what ids take for granted of each part. What stands there never
// changes; with SEGBENCH_UPDATE_DOCS=1 this test adds what is new.
TEST(FrozenBase, OfEveryPartIsKept) {
  int parts = 0;
  for (const PartKind kind : core::kPartKinds) {
    for (const core::PartSpec* part : core::PartRegistry::instance().all(kind)) {
      if (!is_real(*part)) continue;
      ++parts;
      const std::filesystem::path file = std::filesystem::path(SEGBENCH_SOURCE_DIR) / "tests/data/frozen" /
                                         folder_of(kind) / (part->name + ".json");
      const Json base = own_base(*part);
      Json kept = std::filesystem::exists(file) ? Json::parse(core::read_file(file)) : Json::object();
      for (const auto& [name, value] : kept.items()) {
        ASSERT_TRUE(base.contains(name))
            << file << ": " << name << " has gone: every id that left it out is lost";
        EXPECT_EQ(base.at(name), value)
            << file << ": " << name << " has changed: let its ParamSpec have .base = " << value
            << ", so that every id that left it out stays";
      }
      Json fresh = base;
      for (const auto& [name, value] : kept.items()) fresh.erase(name);
      if (fresh.empty()) continue;
      if (std::getenv("SEGBENCH_UPDATE_DOCS") != nullptr) {
        kept.update(fresh);
        std::filesystem::create_directories(file.parent_path());
        core::write_file_atomically(file, kept.dump(2) + "\n");
      } else {
        ADD_FAILURE() << file << " lacks " << fresh << "; run test_study with SEGBENCH_UPDATE_DOCS=1";
      }
    }
  }
  EXPECT_GE(parts, 45);
}

TEST(FrozenBase, HoldsEverySettingThatHasADefault) {
  int settings = 0;
  for (const core::Field<core::VariantConfig>& field : core::variant_fields()) {
    // Sparse ones are not there while they have their default, and the place of the data is in no id.
    if (!field.spec.default_value || field.sparse || field.spec.default_value->is_null() ||
        field.key() == "data.root" || field.key() == "training.augment")
      continue;
    ++settings;
    EXPECT_TRUE(core::frozen_base().at(field.table).contains(field.spec.name)) << field.key();
  }
  EXPECT_GE(settings, 8);
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
  for (const char* setting : {"model.size=full",
                              "model.width=1",
                              "model.freeze=none",
                              "data.split_seed=0",
                              "data.difficulty=0.5",
                              "model.batch_norm_momentum=0.9",
                              "model.batch_norm_epsilon=1e-3",
                              "model.output_stride=32",
                              "training.select=best",
                              "training.batch_norm_statistics=moving",
                              "training.optimizer.epsilon=1e-7",
                              "training.optimizer.learning_rate=1e-3",
                              "training.loss.class_weights=none",
                              "training.gradient_clip_norm=none",
                              "training.gradient_clip_value=none",
                              "training.accumulate_batches=1",
                              "training.encoder_learning_rate_factor=1",
                              "training.moving_average=none",
                              "training.early_stopping_patience=none",
                              "training.stop_at=none",
                              "training.loss.hardest=1",
                              "training.loss.label_smoothing=0",
                              "run.keep_weights=every_epoch",
                              "run.keep_weights_in=somewhere",
                              "training.augment=[{ name = \"horizontal_flip\", probability = 0.5 }]"}) {
    EXPECT_EQ(id({setting}), plain) << setting;
  }
  for (const char* setting :
       {"model.batch_norm_momentum=0.99", "training.batch_norm_statistics=precise",
        "training.optimizer.epsilon=1e-8", "training.augment=[]", "data.data_seed=2",
        "training.gradient_clip_norm=1", "training.gradient_clip_value=1", "training.accumulate_batches=2",
        "training.encoder_learning_rate_factor=0.1", "training.moving_average=0.99",
        "training.early_stopping_patience=3", "training.stop_at=0.9", "training.loss.hardest=0.5",
        "training.loss.label_smoothing=0.1"}) {
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
