// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/study/load.h"

// Classes that are taken from a table.

namespace segbench::study {
namespace {

using core::Json;
using testing::HasSubstr;

constexpr const char* kTableStudy =
    "schema = 1\nname = \"real\"\n[data]\nkind = \"folders\"\nroot = \".\"\nresolution = [64, 64]\n$CLASSES\n"
    "[model]\narchitecture = \"unet\"\n[training]\nepochs = 1\nbatch_size = 4\nloss = \"cross_entropy\"\n"
    "optimizer = \"adam\"\n";

class ClassTable : public testing::Test {
 protected:
  std::string text(const std::string& classes) const {
    std::string text = kTableStudy;
    return text.replace(text.find("$CLASSES"), 8, classes);
  }
  core::Variant variant(const std::string& classes) const {
    return load_study(folder_.write("study.toml", text(classes))).variants.at(0);
  }
  Folder folder_;
};

TEST_F(ClassTable, OfCsvIsTheSameAsWritingItsClasses) {
  folder_.write("classes.csv", "name,r,g,b,void\nSky,128,128,128,\n\"Car\",64,0,128,0\nVoid,0,0,0,1\n");
  EXPECT_EQ(variant("class_table = \"classes.csv\"").id,
            variant("classes = [\"Sky\", \"Car\"]\nclass_colours = [\"#808080\", \"#400080\"]\n"
                    "void_colours = [\"#000000\"]")
                .id);
  folder_.write("values.csv", "id;class;ignore\n0;background;no\n255;cell;no\n128;;yes\n");
  EXPECT_EQ(variant("class_table = \"values.csv\"").id,
            variant("classes = [\"background\", \"cell\"]\nmask_values = [0, 255]\nvoid_values = [128]").id);
}

TEST_F(ClassTable, OfTomlIsTheSameAsWritingItsClasses) {
  folder_.write(
      "classes.toml",
      "[[class]]\nname = \"background\"\nvalue = 7\ncolour = \"#010203\"\n[[class]]\nname = \"cell\"\n"
      "value = 9\ncolour = \"#0a0b0c\"\n[[class]]\nvalue = 11\nvoid = true\n");
  EXPECT_EQ(variant("class_table = \"classes.toml\"").id,
            variant("classes = [\"background\", \"cell\"]\nmask_values = [7, 9]\nvoid_values = [11]\n"
                    "class_colours = [\"#010203\", \"#0a0b0c\"]")
                .id);
}

TEST_F(ClassTable, SaysWhatIsWrong) {
  const auto problems = [&](const std::string& table, const std::string& more = "") {
    folder_.write("classes.csv", table);
    return folder_.problems(text("class_table = \"classes.csv\"\n" + more));
  };
  EXPECT_THAT(problems("a,b\n1,2\n"), HasSubstr("the first line must name the columns"));
  EXPECT_THAT(problems("name,value\nsky,one\ncar,2\n"),
              HasSubstr("value must be an integer, but is \"one\""));
  EXPECT_THAT(problems("name,r,g,b\nsky,1,2,300\ncar,1,1,1\n"), HasSubstr("from 0 to 255"));
  EXPECT_THAT(problems("name\nsky\ncar\n", "classes = [\"a\", \"b\"]\n"),
              HasSubstr("data.class_table and data.classes exclude each other"));
  EXPECT_THAT(problems("name\nsky\n"), HasSubstr("must list 2 to 254 classes"));
  EXPECT_THAT(folder_.problems(text("class_table = \"nowhere.csv\"")), HasSubstr("nowhere.csv"));
}

}  // namespace
}  // namespace segbench::study
