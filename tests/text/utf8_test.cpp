// SPDX-License-Identifier: MIT
#include "harness/text/utf8.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "harness/text/characters.h"

namespace segbench::text {
namespace {

TEST(Width, IsThatOfATerminal) {
  EXPECT_EQ(width("road"), 4u);
  EXPECT_EQ(width("größe"), 5u);
  EXPECT_EQ(width("gro\u0308ße"), 5u) << "a combining mark stands on its letter";
  EXPECT_EQ(width("道路"), 4u) << "two columns each";
  EXPECT_EQ(width("도로"), 4u);
  EXPECT_EQ(width("\u1103\u1169\u1105\u1169"), 4u) << "the same in conjoining jamo";
  EXPECT_EQ(width("👩\u200d🌾"), 2u) << "joined emoji are drawn as one";
  EXPECT_EQ(width("🇰🇷"), 2u);
  EXPECT_EQ(width("−0.5 …"), 6u);
  EXPECT_EQ(width(""), 0u);
  EXPECT_EQ(width("a\xff"), 2u) << "what is no UTF-8 counts byte by byte";
}

TEST(Characters, AreAllOfTheText) {
  const std::string text = "a\xff道o\u0308\r\n";
  std::string joined;
  for (const Character& character : characters(text)) joined += character.bytes;
  EXPECT_EQ(joined, text);
  EXPECT_EQ(characters(text).size(), 5u);
}

TEST(Clean, ReplacesWhatIsNoText) {
  EXPECT_EQ(clean("a\tb\nc\x1b[0m"), "a b c [0m");
  EXPECT_EQ(clean("a\r\nb"), "a  b");
  EXPECT_EQ(clean("ok\xff\xc3"), "ok??");
  EXPECT_EQ(clean("\xed\xa0\x80"), "???") << "a surrogate is no character";
  EXPECT_EQ(clean("\u0085"), " ");
}

TEST(Fit, CutsByColumnsNotBytes) {
  EXPECT_EQ(fit("größer", 6), "größer");
  EXPECT_EQ(fit("größer", 4), "grö…");
  EXPECT_EQ(fit("abc", 0), "");
  EXPECT_EQ(fit("道路標識", 6), "道路…");
  EXPECT_EQ(fit("gro\u0308ßer", 4), "gro\u0308…") << "a mark stays with its letter";
  EXPECT_EQ(padded("ab", 4), "ab  ");
  EXPECT_EQ(padded("道", 4, /*right=*/true), "  道");
  EXPECT_EQ(padded("abcde", 4), "abcde");
}

TEST(Shortened, IsCleanAndFits) {
  EXPECT_EQ(shortened("größer", 6), "größer");
  EXPECT_EQ(shortened("größer", 5), "gr…er");
  EXPECT_EQ(shortened("a\nb", 3), "a b");
}

TEST(Shorten, KeepsBothEnds) {
  EXPECT_EQ(shorten_middle("abcdefghij", 10), "abcdefghij");
  EXPECT_EQ(shorten_middle("abcdefghij", 5), "ab…ij");
  EXPECT_EQ(shorten_middle("größergrößer", 4), "gr…r");
  EXPECT_EQ(shorten_middle("abc", 1), "…");
  EXPECT_EQ(shorten_middle("abc", 0), "");
  EXPECT_EQ(shorten_middle("道路標識と歩道", 9), "道路…歩道");
  EXPECT_EQ(width(shorten_middle("道路標識と歩道", 8)), 7u) << "half a character is none";
}

TEST(Shorten, KeepsDifferentNamesDifferent) {
  const std::vector<std::string> names = {"model.architecture=unet, rate=0.1, augment=horizontal_flip",
                                          "model.architecture=unet, rate=0.02, augment=horizontal_flip",
                                          "model.architecture=unet, rate=ü, augment=horizontal_flip"};
  EXPECT_EQ(shorten_names(names, 12), (std::vector<std::string>{"…rate=0.1…", "…rate=0.02…", "…rate=ü…"}));
  EXPECT_EQ(shorten_names(names, 8), (std::vector<std::string>{"…0.1…", "…0.02…", "…ü…"}));
  std::vector<std::string> more = names;
  more.push_back("another study: fcn");
  EXPECT_EQ(shorten_names(more, 12),
            (std::vector<std::string>{"…rate=0.1…", "…rate=0.02…", "…rate=ü…", "anothe…: fcn"}))
      << "what some have in common goes, too";
  EXPECT_EQ(shorten_names({"unet small ×0.0625, batch 2", "unet small ×0.125, batch 2"}, 24),
            (std::vector<std::string>{"…small ×0.0625, batch 2", "…small ×0.125, batch 2"}))
      << "words around that find room stay";
  EXPECT_EQ(shorten_names({"short", "names"}, 12), (std::vector<std::string>{"short", "names"}));
  EXPECT_EQ(shorten_names({"equal and long", "equal and long"}, 5),
            (std::vector<std::string>{"eq…ng", "eq…ng"}));
  EXPECT_TRUE(shorten_names({}, 5).empty());
}

}  // namespace
}  // namespace segbench::text
