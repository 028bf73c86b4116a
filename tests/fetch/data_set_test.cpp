// SPDX-License-Identifier: MIT
#include "harness/fetch/fetch_data_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/fetch/md5.h"
#include "harness/fetch/unpack.h"
#include "tests/support/http_server.h"
#include "tests/support/temporary_folder.h"

// Data sets from a server on this machine: checked, continued, unpacked.

namespace segbench::fetch {
namespace {

using testing::HasSubstr;
using tests::HttpServer, tests::TemporaryFolder;
namespace fs = std::filesystem;

/// A file of a tar archive (POSIX ustar).
std::string tar_entry(const std::string& name, const std::string& content, char type = '0') {
  std::array<char, 512> header{};
  name.copy(header.data(), 100);
  std::snprintf(header.data() + 100, 8, "%07o", 0644);
  std::snprintf(header.data() + 108, 8, "%07o", 0);
  std::snprintf(header.data() + 116, 8, "%07o", 0);
  std::snprintf(header.data() + 124, 12, "%011o", static_cast<unsigned>(content.size()));
  std::snprintf(header.data() + 136, 12, "%011o", 0);
  header[156] = type;
  std::string(
      "ustar\0"
      "00",
      8)
      .copy(header.data() + 257, 8);
  std::fill_n(header.data() + 148, 8, ' ');
  unsigned sum = 0;
  for (const char c : header) sum += static_cast<unsigned char>(c);
  std::snprintf(header.data() + 148, 8, "%06o", sum);
  std::string entry(header.data(), header.size());
  entry += content;
  entry.append((512 - content.size() % 512) % 512, '\0');
  return entry;
}

std::string tar_of(const std::string& entries) {
  return entries + std::string(1024, '\0');
}

std::string some_set() {
  return tar_of(tar_entry("set/images/a.png", std::string(200'000, 'a')) +
                tar_entry("set/masks/a.png", "mask"));
}

class FetchDataSet : public testing::Test {
 protected:
  DataRequest request(const DataSource& source) {
    return {.source = &source, .folder = folder_ / "data", .mirror = server_.address()};
  }
  std::string refusal(const DataSource& source) {
    try {
      fetch_data_set(request(source));
    } catch (const core::UserError& error) {
      return error.what();
    }
    return "fetched";
  }
  DataSource source_ = {.name = "known",
                        .size = "1 MB",
                        .terms = "none",
                        .files = {{"http://nowhere.invalid/set.tar", "set.tar", md5_hex(some_set())}},
                        .root = "set"};
  HttpServer server_{some_set()};
  TemporaryFolder folder_;
};

TEST_F(FetchDataSet, DownloadsChecksAndUnpacks) {
  const DataResult result = fetch_data_set(request(source_));
  EXPECT_EQ(result.root, folder_ / "data/set");
  EXPECT_EQ(result.files, 2);
  EXPECT_EQ(core::read_file(folder_ / "data/set/masks/a.png"), "mask");
  EXPECT_EQ(core::read_file(folder_ / "data/set/images/a.png").size(), 200'000U);
  const std::size_t requests = server_.requests().size();
  const DataResult again = fetch_data_set(request(source_));  // nothing is left to do
  EXPECT_EQ(again.files, 0);
  EXPECT_EQ(again.downloaded, 0U);
  EXPECT_EQ(server_.requests().size(), requests);
}

TEST_F(FetchDataSet, GoesOnWhereItWasInterrupted) {
  server_.cut_after = 50'000;
  EXPECT_NE(refusal(source_), "fetched");
  EXPECT_TRUE(fs::exists(folder_ / "data/archives/set.tar.part"));
  server_.cut_after = SIZE_MAX;
  const DataResult result = fetch_data_set(request(source_));
  EXPECT_GT(result.resumed_from, 0U);
  EXPECT_EQ(result.files, 2);
}

TEST_F(FetchDataSet, RefusesAnArchiveWithAnotherChecksum) {
  source_.files[0].md5 = md5_hex("something else");
  EXPECT_THAT(refusal(source_), HasSubstr("expected " + md5_hex("something else")));
  EXPECT_FALSE(fs::exists(folder_ / "data/archives/set.tar"));
  EXPECT_FALSE(fs::exists(folder_ / "data/set"));
}

TEST_F(FetchDataSet, SaysWhatToDoWhereAnAccountIsNeeded) {
  EXPECT_THAT(refusal(*find_data_source("cityscapes")),
              HasSubstr("Register at https://www.cityscapes-dataset.com"));
  EXPECT_TRUE(server_.requests().empty());
}

TEST(DataSources, AllHaveAddressesOrInstructions) {
  EXPECT_GE(data_sources().size(), 9U);
  for (const DataSource& source : data_sources()) {
    SCOPED_TRACE(source.name);
    EXPECT_NE(source.files.empty(), source.instructions.empty());
    EXPECT_FALSE(source.terms.empty());
    for (const DataFile& file : source.files) {
      EXPECT_TRUE(file.address.starts_with("http"));
      EXPECT_TRUE(file.md5.empty() || file.md5.size() == 32);
    }
  }
}

class Unpack : public testing::Test {
 protected:
  std::string refusal(const std::string& bytes) {
    core::write_file_atomically(folder_ / "x.tar", bytes);
    try {
      unpack(folder_ / "x.tar", folder_ / "out");
    } catch (const core::UserError& error) {
      return error.what();
    }
    return "unpacked";
  }
  TemporaryFolder folder_;
};

TEST_F(Unpack, RefusesNamesThatLeadOutOfTheFolder) {
  EXPECT_THAT(refusal(tar_of(tar_entry("a/../../evil.txt", "x"))), HasSubstr("outside of the folder"));
  EXPECT_THAT(refusal(tar_of(tar_entry("/evil.txt", "x"))), HasSubstr("outside of the folder"));
  EXPECT_FALSE(fs::exists(folder_ / "evil.txt"));
  EXPECT_EQ(refusal(tar_of(tar_entry("a/../b.txt", "x"))), "unpacked");
  EXPECT_TRUE(fs::exists(folder_ / "out/b.txt"));
}

TEST_F(Unpack, LeavesLinksOutAndRefusesWhatIsCutOff) {
  EXPECT_EQ(refusal(tar_of(tar_entry("link", "", '2') + tar_entry("file", "x"))), "unpacked");
  EXPECT_FALSE(fs::exists(fs::symlink_status(folder_ / "out/link")));
  EXPECT_THAT(refusal(some_set().substr(0, 100'000)), HasSubstr("cannot be unpacked"));
  EXPECT_FALSE(fs::exists(folder_ / "out/set/images/a.png"));
  EXPECT_NE(refusal("this is no archive"), "unpacked");
}

TEST(Md5, IsThatOfRfc1321) {
  EXPECT_EQ(md5_hex(""), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(md5_hex("message digest"), "f96b697d7cb7938d525a2f31aaf161d0");
  EXPECT_EQ(md5_hex("12345678901234567890123456789012345678901234567890123456789012345678901234567890"),
            "57edf4a22be3c955ac49da2e2107b67a");
}

}  // namespace
}  // namespace segbench::fetch
