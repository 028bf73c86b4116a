// SPDX-License-Identifier: MIT
#include "harness/trial/event_log.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <fstream>

#include "harness/core/files.h"
#include "tests/support/temporary_folder.h"

namespace segbench::trial {
namespace {

TEST(EventLog, RoundTrips) {
  const tests::TemporaryFolder folder;
  {
    EventWriter writer(folder / "events.jsonl");
    writer.append("trial", {{"seed", 7}});
    writer.append("epoch", {{"epoch", 1}, {"loss", 0.25}});
    writer.sync();
    EXPECT_EQ(writer.size_bytes(), std::filesystem::file_size(folder / "events.jsonl"));
  }
  const EventLog log = read_event_log(folder / "events.jsonl");
  ASSERT_EQ(log.events.size(), 2u);
  EXPECT_EQ(log.events[1]["type"], "epoch");
  EXPECT_EQ(log.events[1]["seq"], 1);
  EXPECT_EQ(log.events[1]["loss"], 0.25);
  EXPECT_FALSE(log.torn_tail);
}

TEST(EventLog, AppendingContinuesTheNumbering) {
  const tests::TemporaryFolder folder;
  EventWriter(folder / "e").append("a", core::Json::object());
  EventWriter(folder / "e").append("b", core::Json::object());
  EXPECT_EQ(read_event_log(folder / "e").events.at(1)["seq"], 1);
}

TEST(EventLog, ATornLastLineIsCutOffByTheNextWriter) {
  const tests::TemporaryFolder folder;
  EventWriter(folder / "e").append("a", core::Json::object());
  std::ofstream(folder / "e", std::ios::app) << R"({"type": "b", "hal)";
  EXPECT_TRUE(read_event_log(folder / "e").torn_tail);
  EventWriter(folder / "e").append("c", core::Json::object());
  const EventLog log = read_event_log(folder / "e");
  ASSERT_EQ(log.events.size(), 2u);
  EXPECT_EQ(log.events[1]["type"], "c");
  EXPECT_EQ(log.events[1]["seq"], 1);
  EXPECT_TRUE(log.defects.empty());
}

TEST(EventLog, AWholeLogIsNotTouchedByBeingOpened) {
  const tests::TemporaryFolder folder;
  EventWriter(folder / "e").append("a", core::Json::object());
  const auto before = std::filesystem::last_write_time(folder / "e") - std::chrono::hours(1);
  std::filesystem::last_write_time(folder / "e", before);
  { const EventWriter writer(folder / "e"); }
  EXPECT_EQ(std::filesystem::last_write_time(folder / "e"), before)
      << "shortening it to the length that it had would cut off what another process adds meanwhile";
}

TEST(EventLog, TheTailBehindACheckpointIsCutOff) {
  const tests::TemporaryFolder folder;
  std::uint64_t kept = 0;
  {
    EventWriter writer(folder / "e");
    writer.append("a", core::Json::object());
    kept = writer.size_bytes();
    writer.append("b", core::Json::object());
  }
  EventWriter(folder / "e", kept).append("c", core::Json::object());
  const EventLog log = read_event_log(folder / "e");
  ASSERT_EQ(log.events.size(), 2u);
  EXPECT_EQ(log.events[1]["type"], "c");
}

TEST(EventLog, DefectsAreReportedWithTheirLineAndSkipped) {
  const tests::TemporaryFolder folder;
  core::write_file_atomically(folder / "e",
                              "{\"type\":\"a\"}\nnonsense\n[1]\n{\"kind\":1}\n{\"type\":\"b\"}\n");
  const EventLog log = read_event_log(folder / "e");
  ASSERT_EQ(log.events.size(), 2u);
  ASSERT_EQ(log.defects.size(), 3u);
  EXPECT_EQ(log.defects[0].line, 2);
  EXPECT_EQ(log.defects[1].line, 3);
  EXPECT_EQ(log.defects[2].line, 4);
}

TEST(EventLog, AChainedLogShowsTheFirstLineThatWasChanged) {
  const tests::TemporaryFolder folder;
  std::uint64_t kept = 0;
  {
    EventWriter writer(folder / "e", 0, LogKind::kChained);
    writer.append("a", {{"loss", 0.25}});
    writer.append("b", core::Json::object());
    kept = writer.size_bytes();
    writer.append("c", core::Json::object());
  }
  {  // resumed: what was behind the checkpoint is written again
    EventWriter writer(folder / "e", kept, LogKind::kChained);
    writer.append("d", {{"text", "päivä"}});
  }
  const std::string written = core::read_file(folder / "e");
  EXPECT_TRUE(read_event_log(folder / "e").defects.empty());
  for (std::size_t i = 0; i + 1 < written.size(); ++i) {
    if (written[i] == '\n') continue;
    std::string edited = written;
    edited[i] = edited[i] == '1' ? '2' : '1';
    core::write_file_atomically(folder / "e", edited);
    const EventLog log = read_event_log(folder / "e");
    ASSERT_FALSE(log.defects.empty()) << i;
    // A line whose "chain" is no chain any more is told at the next one at the latest.
    const auto line = 1 + std::count(written.begin(), written.begin() + static_cast<long>(i), '\n');
    EXPECT_GE(log.defects[0].line, line) << i;
    EXPECT_LE(log.defects[0].line, line + 1) << i;
  }
  const std::size_t second = written.find('\n') + 1, third = written.find('\n', second) + 1;
  core::write_file_atomically(folder / "e", written.substr(0, second) + written.substr(third));
  EXPECT_EQ(read_event_log(folder / "e").defects.size(), 1U) << "a dropped line";
}

TEST(EventLog, AChainFollowsTheUnchainedLinesOfAnOlderVersion) {
  const tests::TemporaryFolder folder;
  EventWriter(folder / "e").append("a", {{"loss", 1}});
  EventWriter(folder / "e", UINT64_MAX, LogKind::kChained).append("b", core::Json::object());
  const std::string written = core::read_file(folder / "e");
  EXPECT_TRUE(read_event_log(folder / "e").defects.empty());
  std::string edited = written;
  edited.replace(edited.find("\"loss\":1"), 8, "\"loss\":2");
  core::write_file_atomically(folder / "e", edited);
  EXPECT_EQ(read_event_log(folder / "e").defects.size(), 1U);
}

TEST(EventLog, AnAbsentLogIsEmpty) {
  EXPECT_TRUE(read_event_log("/nowhere/e").events.empty());
}

}  // namespace
}  // namespace segbench::trial
