// SPDX-License-Identifier: MIT
#include "harness/fetch/download.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include "harness/core/error.h"
#include "harness/core/file_lock.h"
#include "harness/core/files.h"
#include "harness/core/hash.h"
#include "tests/support/http_server.h"
#include "tests/support/temporary_folder.h"

namespace segbench::tests {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

std::string some_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  for (std::size_t i = 0; i < count; ++i) bytes[i] = static_cast<char>(i * 2654435761U >> 13);
  return bytes;
}

class Download : public testing::Test {
 protected:
  fetch::Request request() const {
    return {.address = server_.address() + "/models/w.pth",
            .file = file(),
            .sha256 = core::sha256_hex(content_).substr(0, 8)};
  }
  std::filesystem::path file() const { return folder_ / "below" / "w.pth"; }
  std::filesystem::path part() const { return folder_ / "below" / "w.pth.part"; }
  std::vector<std::string> left_over() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder_ / "below"))
      names.push_back(entry.path().filename());
    return names;
  }
  std::string refusal(const fetch::Request& request) const {
    try {
      fetch::download(request);
    } catch (const core::UserError& error) {
      EXPECT_EQ(error.exit_code(), core::kTrialFailed);
      return error.what();
    }
    return "downloaded";
  }
  void leave_part(const std::string& bytes) const {
    std::filesystem::create_directories(folder_ / "below");
    core::write_file_atomically(part(), bytes);
  }

  const std::string content_ = some_bytes(3'000'000);
  HttpServer server_{content_};
  TemporaryFolder folder_;
};

TEST_F(Download, BringsTheFileAndNothingElse) {
  std::uint64_t most = 0;
  std::optional<std::uint64_t> total;
  fetch::Request asked = request();
  asked.progress = [&](std::uint64_t bytes, std::optional<std::uint64_t> all) {
    most = std::max(most, bytes);
    if (all) total = all;
    return true;
  };
  const fetch::Result result = fetch::download(asked);
  EXPECT_EQ(core::read_file(file()), content_);
  EXPECT_EQ(result.sha256, core::sha256_hex(content_));
  EXPECT_EQ(result.bytes, content_.size());
  EXPECT_FALSE(result.was_there);
  EXPECT_THAT(left_over(), ElementsAre("w.pth"));
  EXPECT_EQ(most, content_.size());
  EXPECT_EQ(total, content_.size());
  EXPECT_TRUE(fetch::download(request()).was_there);
  EXPECT_THAT(server_.requests(), ElementsAre("/models/w.pth"));
}

TEST_F(Download, AnInterruptedOneIsContinued) {
  server_.cut_after = 1'000'000;
  EXPECT_THAT(refusal(request()),
              AllOf(HasSubstr(server_.address()), HasSubstr("the same command goes on there")));
  EXPECT_EQ(std::filesystem::file_size(part()), 1'000'000u);
  EXPECT_FALSE(std::filesystem::exists(file()));
  server_.cut_after = SIZE_MAX;
  EXPECT_EQ(fetch::download(request()).resumed_from, 1'000'000u);
  EXPECT_EQ(core::read_file(file()), content_);
  EXPECT_THAT(server_.requests(), ElementsAre("/models/w.pth", "/models/w.pth bytes=1000000-"));
}

TEST_F(Download, AServerThatCannotContinueSendsEverythingAgain) {
  leave_part(content_.substr(0, 1000));
  server_.ranges = false;
  EXPECT_EQ(fetch::download(request()).resumed_from, 0u);
  EXPECT_EQ(core::read_file(file()), content_);
}

TEST_F(Download, AnAnswerFromAnotherPlaceIsNotAppended) {
  leave_part(content_.substr(0, 1000));
  server_.wrong_range = true;
  EXPECT_THAT(refusal(request()), HasSubstr("does not continue at byte 1000"));
  EXPECT_EQ(std::filesystem::file_size(part()), 1000u);
}

TEST_F(Download, APartThatIsWholeOrTooLongIsFinished) {
  leave_part(content_);
  EXPECT_EQ(fetch::download(request()).bytes, content_.size());
  EXPECT_EQ(core::read_file(file()), content_);
  std::filesystem::remove(file());
  leave_part(content_ + "more");
  fetch::download(request());
  EXPECT_EQ(core::read_file(file()), content_);
}

TEST_F(Download, AWrongHashLeavesNothing) {
  fetch::Request asked = request();
  asked.sha256 = "00000000";
  EXPECT_THAT(refusal(asked), AllOf(HasSubstr("begins with " + core::sha256_hex(content_).substr(0, 8)),
                                    HasSubstr("expected 00000000"), HasSubstr("was removed")));
  EXPECT_THAT(left_over(), ElementsAre());
  leave_part("what another file began with");
  EXPECT_THAT(refusal(request()), HasSubstr("continued from an earlier download, so try again"));
  EXPECT_EQ(fetch::download(request()).bytes, content_.size());
}

TEST_F(Download, AFileOfThisNameWithOtherContentIsKept) {
  std::filesystem::create_directories(folder_ / "below");
  core::write_file_atomically(file(), "mine");
  EXPECT_THAT(refusal(request()), HasSubstr("move it away"));
  EXPECT_EQ(core::read_file(file()), "mine");
}

TEST_F(Download, ErrorsAreTold) {
  for (const int status : {403, 404, 500}) {
    server_.status = status;
    EXPECT_THAT(refusal(request()), AllOf(HasSubstr("/models/w.pth"), HasSubstr(std::to_string(status))));
    EXPECT_THAT(left_over(), ElementsAre());
  }
  fetch::Request nowhere = request();
  nowhere.address = "http://127.0.0.1:1/w.pth";
  EXPECT_THAT(refusal(nowhere), HasSubstr("connect"));
  nowhere.address = "file:///etc/passwd";
  EXPECT_THAT(refusal(nowhere), HasSubstr("rotocol"));
  EXPECT_FALSE(std::filesystem::exists(file()));
  nowhere.file = "/proc/no/such/folder/w.pth";
  EXPECT_THAT(refusal(nowhere), HasSubstr("cannot be created"));
}

TEST_F(Download, AFullDiskIsTold) {
  // In a process of its own, in which files cannot grow beyond a limit.
  const auto download_there = [&] {
    ::signal(SIGXFSZ, SIG_IGN);
    rlimit limit{};
    limit.rlim_cur = limit.rlim_max = 500'000;
    ::setrlimit(RLIMIT_FSIZE, &limit);
    const HttpServer server(content_);
    fetch::Request asked = request();
    asked.address = server.address();
    const bool told = refusal(asked).find("cannot be written") != std::string::npos;
    std::exit(told && !std::filesystem::exists(file()) ? 0 : 1);
  };
  EXPECT_EXIT(download_there(), testing::ExitedWithCode(0), "");
}

TEST_F(Download, AStoppedOneKeepsWhatCame) {
  fetch::Request asked = request();
  asked.progress = [](std::uint64_t, std::optional<std::uint64_t>) { return false; };
  EXPECT_TRUE(fetch::download(asked).is_stopped);
  EXPECT_FALSE(std::filesystem::exists(file()));
  fetch::download(request());
  EXPECT_EQ(core::read_file(file()), content_);
}

TEST_F(Download, OnlyOneProcessDownloadsAFile) {
  std::filesystem::create_directories(folder_ / "below");
  const auto lock = core::FileLock::acquire(folder_ / "below" / "w.pth.lock");
  EXPECT_THAT(refusal(request()), HasSubstr("process " + std::to_string(::getpid())));
}

}  // namespace
}  // namespace segbench::tests
