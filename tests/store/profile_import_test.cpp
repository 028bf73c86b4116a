// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/trial/event_log.h"
#include "results/profiles/log.h"
#include "tests/store/store_fixture.h"

namespace segbench::tests {
namespace {

using core::Json;

class ProfileImport : public StoreTest {
 protected:
  std::filesystem::path session() const { return runs() / "p/profile/20260101T000000"; }

  /// A session of two rows, one of which fails behind its first visit.
  void write_log(bool finished) {
    std::filesystem::create_directories(session());
    std::filesystem::remove(session() / profiles::kProfileLog);
    trial::EventWriter log(session() / profiles::kProfileLog, UINT64_MAX, trial::LogKind::kChained);
    Json rows = Json::array();
    for (const char* id : {"a", "b"}) {
      rows.push_back({{"row", id},
                      {"model", "unet"},
                      {"network", {{"trial", "t1"}}},
                      {"engine", id},
                      {"engine_version", "1"},
                      {"batch", 2},
                      {"height", 8},
                      {"width", 16},
                      {"precision", "float32"},
                      {"memory_format", "contiguous"},
                      {"device", "cpu"},
                      {"threads", 1}});
    }
    log.append("profile", {{"schema", 1},
                           {"name", "p"},
                           {"question", ""},
                           {"session", "20260101T000000"},
                           {"settings", Json::object()},
                           {"machine", {{"host", "h"}}},
                           {"rows", rows},
                           {"notes", Json::array()}});
    for (const int round : {1, 2}) {
      for (const char* id : {"a", "b"}) {
        if (round == 2 && std::string_view(id) == "b") continue;
        log.append("visit", {{"round", round},
                             {"row", id},
                             {"ns", {1000, 2000}},
                             {"stages", Json::object()},
                             {"machine", Json::object()},
                             {"disturbed", round == 2}});
      }
      log.append("round", {{"round", round}, {"seconds", 1}});
    }
    log.append("failed", {{"row", "b"}, {"message", "it died"}, {"wrong", false}});
    if (finished) log.append("finished", {{"why", "rounds"}});
  }
};

TEST_F(ProfileImport, TakesInEveryIteration) {
  write_log(false);
  store::Store store = store::Store::open(file());
  EXPECT_TRUE(store::import_runs(store, runs()).warnings.empty());
  EXPECT_THAT(rows("SELECT name, session, host, ifnull(finished, '-'), folder FROM profiles", 5),
              testing::ElementsAre("p|20260101T000000|h|-|p/profile/20260101T000000"));
  EXPECT_THAT(rows("SELECT label, trial_id, batch, ifnull(failure, '-'), median_seconds FROM profile_rows "
                   "ORDER BY row_id",
                   5),
              testing::ElementsAre("unet, a|t1|2|-|1.5e-06", "unet, b|t1|2|it died|"));
  EXPECT_THAT(rows("SELECT row_id, round, iteration, seconds, disturbed FROM profile_iterations JOIN "
                   "profile_rows USING "
                   "(profile_row) ORDER BY 1, 2, 3",
                   5),
              testing::ElementsAre("a|1|0|1.0e-06|0", "a|1|1|2.0e-06|0", "a|2|0|1.0e-06|1", "a|2|1|2.0e-06|1",
                                   "b|1|0|1.0e-06|0", "b|1|1|2.0e-06|0"));
}

TEST_F(ProfileImport, FollowsTheLog) {
  write_log(false);
  store::Store store = store::Store::open(file());
  store::refresh(store, runs());
  write_log(true);
  store::refresh(store, runs());
  EXPECT_THAT(rows("SELECT finished FROM profiles", 1), testing::ElementsAre("rounds"));
  EXPECT_THAT(rows("SELECT count(*) FROM profile_iterations", 1), testing::ElementsAre("6"));
  std::filesystem::remove_all(session());
  store::import_runs(store, runs());
  EXPECT_THAT(rows("SELECT count(*) FROM profiles", 1), testing::ElementsAre("0"));
  EXPECT_THAT(rows("SELECT count(*) FROM profile_iterations", 1), testing::ElementsAre("0"));
}

TEST_F(ProfileImport, HandsOutWhatTheTrialsOfAStudyTook) {
  write_log(true);
  FakeTrial trial;
  write_fake_study(runs(), {trial});
  store::Store store = store::Store::open(file());
  store::import_runs(store, runs());
  EXPECT_TRUE(store.latencies("sizes").empty()) << "none of its trials was profiled";
  std::string log = core::read_file(session() / profiles::kProfileLog);
  std::filesystem::remove(session() / profiles::kProfileLog);
  for (std::size_t at; (at = log.find("\"t1\"")) != std::string::npos;)
    log.replace(at, 4, '"' + fake_trial_id(trial) + '"');
  core::write_file_atomically(session() / profiles::kProfileLog, log);
  store::import_runs(store, runs());
  const std::vector<store::LatencyRecord> records = store.latencies("sizes");
  ASSERT_EQ(records.size(), 1U) << "the other row failed";
  EXPECT_EQ(records[0].engine, "a");
  EXPECT_EQ(records[0].batch, 2);
  EXPECT_THAT(records[0].seconds.at(1),
              testing::ElementsAre(testing::DoubleNear(1e-6, 1e-15), testing::DoubleNear(2e-6, 1e-15)));
  EXPECT_EQ(records[0].seconds.size(), 2U);
}

TEST_F(ProfileImport, TellsOfALogThatIsNone) {
  std::filesystem::create_directories(session());
  core::write_file_atomically(session() / profiles::kProfileLog, "nonsense\n");
  store::Store store = store::Store::open(file());
  EXPECT_EQ(store::import_runs(store, runs()).warnings.size(), 1U);
}

}  // namespace
}  // namespace segbench::tests
