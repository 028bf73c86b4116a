// SPDX-License-Identifier: MIT
#include "harness/core/event_log.h"

#include <gtest/gtest.h>

#include <fstream>

#include "harness/core/files.h"
#include "tests/support/temporary_folder.h"

namespace segbench::core {
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
  EventWriter(folder / "e").append("a", Json::object());
  EventWriter(folder / "e").append("b", Json::object());
  EXPECT_EQ(read_event_log(folder / "e").events.at(1)["seq"], 1);
}

TEST(EventLog, ATornLastLineIsCutOffByTheNextWriter) {
  const tests::TemporaryFolder folder;
  EventWriter(folder / "e").append("a", Json::object());
  std::ofstream(folder / "e", std::ios::app) << R"({"type": "b", "hal)";
  EXPECT_TRUE(read_event_log(folder / "e").torn_tail);
  EventWriter(folder / "e").append("c", Json::object());
  const EventLog log = read_event_log(folder / "e");
  ASSERT_EQ(log.events.size(), 2u);
  EXPECT_EQ(log.events[1]["type"], "c");
  EXPECT_EQ(log.events[1]["seq"], 1);
  EXPECT_TRUE(log.defects.empty());
}

TEST(EventLog, TheTailBehindACheckpointIsCutOff) {
  const tests::TemporaryFolder folder;
  std::uint64_t kept = 0;
  {
    EventWriter writer(folder / "e");
    writer.append("a", Json::object());
    kept = writer.size_bytes();
    writer.append("b", Json::object());
  }
  EventWriter(folder / "e", kept).append("c", Json::object());
  const EventLog log = read_event_log(folder / "e");
  ASSERT_EQ(log.events.size(), 2u);
  EXPECT_EQ(log.events[1]["type"], "c");
}

TEST(EventLog, DefectsAreReportedWithTheirLineAndSkipped) {
  const tests::TemporaryFolder folder;
  write_file_atomically(folder / "e", "{\"type\":\"a\"}\nnonsense\n[1]\n{\"kind\":1}\n{\"type\":\"b\"}\n");
  const EventLog log = read_event_log(folder / "e");
  ASSERT_EQ(log.events.size(), 2u);
  ASSERT_EQ(log.defects.size(), 3u);
  EXPECT_EQ(log.defects[0].line, 2);
  EXPECT_EQ(log.defects[1].line, 3);
  EXPECT_EQ(log.defects[2].line, 4);
}

TEST(EventLog, AnAbsentLogIsEmpty) {
  EXPECT_TRUE(read_event_log("/nowhere/e").events.empty());
}

}  // namespace
}  // namespace segbench::core
