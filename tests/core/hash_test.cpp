// SPDX-License-Identifier: MIT
#include "harness/core/hash.h"

#include <gtest/gtest.h>

#include <fstream>

#include "harness/core/error.h"
#include "tests/support/temporary_folder.h"

namespace segbench::core {
namespace {

// Examples of FIPS 180-2, appendix B.
TEST(Sha256, MatchesThePublishedExamples) {
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256_hex(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, DoesNotDependOnHowTheDataArrive) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += static_cast<char>(i * 7);
  for (const std::size_t piece : {1, 3, 55, 56, 63, 64, 65, 128, 999}) {
    Sha256 hash;
    for (std::size_t i = 0; i < text.size(); i += piece) hash.update(std::string_view(text).substr(i, piece));
    EXPECT_EQ(hash.hex_digest(), sha256_hex(text)) << "pieces of " << piece;
  }
}

TEST(Sha256, HashesFilesAndNamesThoseItCannotRead) {
  const tests::TemporaryFolder folder;
  std::ofstream(folder / "a") << "abc";
  EXPECT_EQ(sha256_file(folder / "a"), sha256_hex("abc"));
  try {
    sha256_file(folder / "absent");
    FAIL() << "an absent file was hashed";
  } catch (const UserError& error) {
    EXPECT_NE(std::string(error.what()).find("absent"), std::string::npos);
  }
}

}  // namespace
}  // namespace segbench::core
