// SPDX-License-Identifier: MIT
// `segbench serve` as a user has it: asked by a client of HTTP and by a browser, ended by signals.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <map>
#include <memory>
#include <thread>

#include "harness/core/files.h"
#include "harness/core/json.h"
#include "harness/core/trial.h"
#include "reports/print_pdf.h"
#include "tests/programs/workspace.h"
#include "tests/support/http/http_client.h"
#include "tests/support/python.h"

namespace segbench::tests {
namespace {

namespace fs = std::filesystem;
using core::Json;
using testing::HasSubstr, testing::Not, testing::StartsWith;

/// A study that has been run, made once for all tests of this file.
const Workspace& studied() {
  static const Workspace workspace;
  static const ProcessResult run = [] {
    workspace.write("tiny.toml", tiny_study("tiny", 3));
    fs::create_directory(workspace.path() / "scratch");
    return workspace.segbench({"run", "tiny.toml"});
  }();
  EXPECT_EQ(run.exit_code, 0) << run.err;
  return workspace;
}

/// The server, until the object goes out of scope. What it says on stdout, its address, goes to a file.
class Server {
 public:
  explicit Server(const Workspace& workspace, const std::vector<std::string>& options = {})
      : workspace_(workspace) {
    const fs::path address = workspace.path() / "address.txt";
    fs::remove(address);
    std::vector<std::string> command = {"/bin/sh", "-c", "exec \"$0\" \"$@\" > address.txt"};
    std::vector<std::string> arguments = {"serve", "tiny"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    for (const std::string& word : workspace.command(arguments)) command.push_back(word);
    process_ = std::make_unique<Process>(command, workspace.path(),
                                         Environment{{"TMPDIR", (workspace.path() / "scratch").string()}});
    for (int i = 0; i < 400 && process_->running() && address_.empty(); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      const std::string said = fs::exists(address) ? core::read_file(address) : "";
      if (said.ends_with('\n')) address_ = said.substr(0, said.size() - 1);
    }
    if (address_.empty()) throw std::runtime_error("it does not listen: " + process_->wait().err);
    port_ = std::stoi(address_.substr(address_.rfind(':') + 1));
  }

  int port() const { return port_; }
  const std::string& address() const { return address_; }
  Process& process() { return *process_; }
  std::size_t scratch_folders() const {
    const fs::directory_iterator folders(workspace_.path() / "scratch");
    return static_cast<std::size_t>(std::distance(begin(folders), end(folders)));
  }

 private:
  const Workspace& workspace_;
  std::unique_ptr<Process> process_;
  std::string address_;
  int port_ = 0;
};

/// A grey bitmap of 8 x 8 pixels, which browsers show.
std::string small_bitmap() {
  const auto number = [](std::uint32_t value) {
    return std::string(reinterpret_cast<const char*>(&value), sizeof value);  // little endian, as here
  };
  const std::string pixels(8 * 8 * 3, '\x40');
  return "BM" + number(54 + 192) + number(0) + number(54) + number(40) + number(8) + number(8) +
         std::string("\1\0\x18\0", 4) + number(0) + number(192) + number(0) + number(0) + number(0) +
         number(0) + pixels;
}

/// All that is below a folder, with the times of the last change.
std::map<std::string, fs::file_time_type> files_below(const fs::path& folder) {
  std::map<std::string, fs::file_time_type> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    files[entry.path().string()] = entry.is_directory() ? fs::file_time_type() : fs::last_write_time(entry);
  return files;
}

TEST(Serving, ShowsMasksThatPredictGives) {
  const Workspace& workspace = studied();
  const auto before = files_below(workspace.path() / "runs");
  const fs::path trial = workspace.trials("tiny").front(), other = workspace.trials("tiny").back();
  std::string ppm = "P6 24 20 255\n";
  for (int i = 0; i < 24 * 20 * 3; ++i) ppm += static_cast<char>(i * 37 % 251);
  workspace.write("x.ppm", ppm);
  ASSERT_EQ(
      workspace.segbench({"predict", trial.string(), "x.ppm", "-o", "masks", "--force", "--device", "cpu"})
          .exit_code,
      0);
  Server server(workspace);
  EXPECT_EQ(server.scratch_folders(), 1u);
  const HttpAnswer taken = http_post(server.port(),
                                     fmt::format("/api/predictions?trial={}&trial={}&name=x.ppm",
                                                 trial.filename().string(), other.filename().string()),
                                     ppm, "application/octet-stream");
  ASSERT_EQ(taken.status, 202) << taken.body;
  Json json;
  for (int i = 0; i < 2400 && (json.is_null() || !json.at("done")); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    json = Json::parse(http_get(server.port(), Json::parse(taken.body).at("status")).body);
  }
  for (const Json& answer : json.at("answers")) EXPECT_EQ(answer.at("state"), "done") << answer;
  for (const char* what : {"mask", "colour", "overlay"}) {
    EXPECT_EQ(http_get(server.port(), json.at("answers")[0].at(what)).body,
              core::read_file(workspace.path() / fmt::format("masks/x_{}.png", what)))
        << what;
  }
  server.process().signal(SIGTERM);
  const ProcessResult end = server.process().wait();
  EXPECT_EQ(end.exit_code, 0) << end.err;
  EXPECT_EQ(server.scratch_folders(), 0u);
  EXPECT_EQ(files_below(workspace.path() / "runs"), before) << "it has written into the runs folder";
}

TEST(Serving, EndsAtOnceOnControlC) {
  Server server(studied());
  const std::string trial = studied().trials("tiny").front().filename();
  // In the middle of a prediction, of a report, and with a client that holds on.
  EXPECT_EQ(
      http_post(server.port(), "/api/predictions?trial=" + trial, "P5 1 1 255\nx", "image/x-portable-graymap")
          .status,
      202);
  const int silent = raw_connection(server.port());
  const auto begin = std::chrono::steady_clock::now();
  server.process().signal(SIGINT);
  const ProcessResult end = server.process().wait();
  EXPECT_EQ(end.exit_code, 0) << end.err;
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(30));
  EXPECT_EQ(server.scratch_folders(), 0u);
  ::close(silent);
}

TEST(Serving, AsksForATokenBeyondLoopback) {
  for (const std::vector<std::string>& options :
       {std::vector<std::string>{"--host", "0.0.0.0"}, std::vector<std::string>{"--token"}}) {
    Server server(studied(), options);
    const std::size_t begin = server.address().find("?token=");
    ASSERT_NE(begin, std::string::npos) << server.address();
    const std::string token = server.address().substr(begin + 7);
    EXPECT_EQ(http_get(server.port(), "/").status, 401);
    EXPECT_EQ(http_get(server.port(), "/api/status.json", {{"Authorization", "Bearer wrong"}}).status, 401);
    EXPECT_EQ(http_get(server.port(), "/api/status.json", {{"Authorization", "Bearer " + token}}).status,
              200);
    const HttpAnswer login = http_get(server.port(), "/?token=" + token);
    EXPECT_EQ(login.status, 303);
    const std::string cookie = login.header("Set-Cookie");
    EXPECT_EQ(http_get(server.port(), "/", {{"Cookie", cookie.substr(0, cookie.find(';'))}}).status, 200);
    EXPECT_EQ(
        http_get(server.port(), "/", {{"Host", "evil.example"}, {"Authorization", "Bearer " + token}}).status,
        421);
  }
}

TEST(Serving, SaysWhatItCannotServe) {
  const Workspace& workspace = studied();
  const ProcessResult none = workspace.segbench({"serve", "nothing"});
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_EQ(workspace.segbench({"serve", "tiny", "--port", "70000"}).exit_code, 2);
  const ProcessResult elsewhere = workspace.segbench({"serve", "tiny", "--host", "203.0.113.1"});
  EXPECT_EQ(elsewhere.exit_code, 1);
  EXPECT_THAT(elsewhere.err, HasSubstr("cannot listen there"));
}

// Curves, live pages, an upload, the exchange of a report, keyboard and screen reader: in a real browser.
TEST(Serving, IsUsedInABrowser) {
  const std::string browser = reports::find_browser();
  if (browser.empty()) GTEST_SKIP() << "SKIPPED: no Chromium in PATH (Debian: apt-get install chromium)";
  SEGBENCH_REQUIRE_PYTHON(python, "json");
  const Workspace& workspace = studied();
  Server server(workspace);
  workspace.write("y.bmp", small_bitmap());
  const ProcessResult checked =
      run_process({python, std::string(SEGBENCH_SOURCE_DIR) + "/tests/programs/serve_check.py", browser,
                   fmt::format("http://127.0.0.1:{}", server.port()),
                   workspace.trials("tiny").front().string(), (workspace.path() / "y.bmp").string()},
                  workspace.path());
  EXPECT_EQ(checked.exit_code, 0) << checked.err;
  EXPECT_EQ(checked.out, "");
}

}  // namespace
}  // namespace segbench::tests
