// SPDX-License-Identifier: MIT
#include "results/store/schema.h"

#include <fmt/format.h>

#include <regex>
#include <set>
#include <sstream>

#include "tests/store/store_fixture.h"

namespace segbench::tests {
namespace {

using testing::HasSubstr;

class Schema : public StoreTest {
 protected:
  void write_store() {
    std::vector<FakeTrial> trials = fake_trials({"small", "medium"}, {1, 2});
    trials[3].end = "diverged";
    trials[0].pretrained = "resnet50-0676ba61.pth";
    trials[0].verified = "bitwise";
    trials[0].measures = {{"ece", 0.25}};
    for (FakeTrial& trial : trials) trial.study = "size-study";
    write_fake_study(runs(), trials);
    store::Store store = store::Store::open(file());
    import_all(store, "size-study");
  }

  void set_version(int version) {
    store::Connection(file(), store::Connection::Mode::kReadWrite)
        .execute("PRAGMA user_version = " + std::to_string(version));
  }

  std::string refusal(bool read_only) {
    try {
      read_only ? store::Store::open_read_only(file()) : store::Store::open(file());
    } catch (const core::UserError& error) {
      return error.what();
    }
    return "";
  }
};

/// The text of docs/schema.md between "### `name`" and the next heading.
std::string section_of(const std::string& page, const std::string& name) {
  const std::size_t begin = page.find("### `" + name + "`\n");
  if (begin == std::string::npos) return "";
  return page.substr(begin, page.find("\n##", begin + 4) - begin);
}

std::string page() {
  return core::read_file(std::filesystem::path(SEGBENCH_SOURCE_DIR) / "docs" / "schema.md");
}

TEST_F(Schema, EveryTableAndColumnIsDocumentedAndNothingElse) {
  write_store();
  const std::string text = page();
  std::set<std::string> names;
  for (const std::string& name : rows("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')", 1)) {
    names.insert(name);
    const std::string section = section_of(text, name);
    ASSERT_FALSE(section.empty()) << name << " is not in docs/schema.md";
    std::set<std::string> documented, real;
    std::istringstream lines(section);
    const std::regex code("`([^`]+)`");
    for (std::string line; std::getline(lines, line);) {
      if (!line.starts_with("| `")) continue;
      const std::string first = line.substr(0, line.find(" | "));
      for (std::sregex_iterator i(first.begin(), first.end(), code), end; i != end; ++i)
        documented.insert((*i)[1]);
    }
    for (const std::string& column : rows("SELECT name FROM pragma_table_info('" + name + "')", 1))
      real.insert(column);
    EXPECT_EQ(documented, real) << name;
  }
  const std::regex heading("### `([^`]+)`");
  for (std::sregex_iterator i(text.begin(), text.end(), heading), end; i != end; ++i) {
    EXPECT_TRUE(names.contains((*i)[1])) << "docs/schema.md describes " << (*i)[1] << ", which is not there";
  }
}

TEST_F(Schema, TheExamplesOfThePageRunAndAnswer) {
  write_store();
  const std::string text = page();
  const std::size_t begin = text.find("```sql\n") + 7;
  std::istringstream lines(text.substr(begin, text.find("```", begin) - begin));
  int examples = 0;
  const store::Connection connection(file(), store::Connection::Mode::kReadOnly);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("--")) continue;
    ++examples;
    store::Statement statement(connection, line);
    EXPECT_TRUE(statement.step()) << "no row: " << line;
  }
  EXPECT_GE(examples, 10);
}

TEST_F(Schema, ThePageNamesTheVersion) {
  EXPECT_THAT(page(), HasSubstr("(this page: **" + std::to_string(store::schema_version()) + "**)"));
}

TEST_F(Schema, ANewerDatabaseIsRefusedUntouched) {
  write_store();
  set_version(store::schema_version() + 1);
  const std::string before = core::read_file(file());
  for (const bool read_only : {false, true}) {
    EXPECT_THAT(refusal(read_only),
                HasSubstr(fmt::format("has schema version {}, but this program knows versions up to {}",
                                      store::schema_version() + 1, store::schema_version())));
    EXPECT_THAT(refusal(read_only), HasSubstr("segbench import --rebuild"));
  }
  EXPECT_EQ(core::read_file(file()), before);
}

TEST_F(Schema, AnotherProgramsDatabaseIsRefused) {
  store::Connection(file(), store::Connection::Mode::kReadWrite).execute("CREATE TABLE recipes (cake TEXT)");
  EXPECT_THAT(refusal(false), HasSubstr("a database of another program"));
  EXPECT_EQ(rows("SELECT name FROM sqlite_master", 1), (std::vector<std::string>{"recipes"}));
}

TEST_F(Schema, ADamagedDatabaseSaysHowToRebuildIt) {
  core::write_file_atomically(file(), std::string(8192, 'x'));
  EXPECT_THAT(refusal(false), HasSubstr("segbench import --rebuild"));
  std::filesystem::remove(file());
  write_store();
  std::string content = core::read_file(file());
  for (std::size_t i = 4096; i < content.size(); ++i) content[i] = static_cast<char>(i * 31);
  core::write_file_atomically(file(), content);
  try {
    const store::Store store = store::Store::open(file());
    store.studies();
    store.trials("size-study");
    FAIL() << "read from a damaged file";
  } catch (const core::UserError& error) {
    EXPECT_THAT(error.what(), HasSubstr(file().string()));
    EXPECT_THAT(error.what(), HasSubstr("segbench import --rebuild"));
  }
}

TEST_F(Schema, ReadingWhatIsNotThereSaysHowToMakeIt) {
  EXPECT_THAT(refusal(true), HasSubstr("segbench run STUDY.toml"));
  EXPECT_FALSE(std::filesystem::exists(file())) << "reading created a file";
}

TEST_F(Schema, MigrationsRunInOrderOnceAndAllOrNothing) {
  const std::vector<store::Migration> steps = {
      {1, "CREATE TABLE a (x INTEGER); INSERT INTO a VALUES (1)"},
      {2, "ALTER TABLE a ADD COLUMN y INTEGER; UPDATE a SET y = x + 1"},
      {3, "CREATE TABLE b (z INTEGER); SELECT nonsense"}};
  store::Connection connection(file(), store::Connection::Mode::kReadWrite);
  store::migrate(connection, std::span(steps).first(1));
  store::migrate(connection, std::span(steps).first(2));
  store::migrate(connection, std::span(steps).first(2));
  EXPECT_EQ(connection.integer("SELECT y FROM a"), 2);
  EXPECT_EQ(connection.integer("PRAGMA user_version"), 2);
  EXPECT_THROW(store::migrate(connection, steps), core::UserError);
  EXPECT_EQ(connection.integer("PRAGMA user_version"), 2) << "the failed step left nothing behind";
  EXPECT_EQ(connection.integer("SELECT count(*) FROM sqlite_master WHERE name = 'b'"), 0);
}

TEST_F(Schema, AStoreOfTheFirstVersionIsMigratedWithAllThatItHolds) {
  store::Connection(file(), store::Connection::Mode::kReadWrite)
      .execute(core::read_file(std::filesystem::path(SEGBENCH_SOURCE_DIR) / "tests/data/stores/v1.sql"));
  ASSERT_EQ(rows("PRAGMA user_version", 1), (std::vector<std::string>{"1"}));
  const auto scores = rows("SELECT trial_id, split, miou FROM trial_scores ORDER BY 1, 2", 3);
  ASSERT_EQ(scores.size(), 4u);
  const store::Store store = store::Store::open_read_only(file());
  EXPECT_EQ(rows("PRAGMA user_version", 1),
            (std::vector<std::string>{std::to_string(store::schema_version())}));
  EXPECT_EQ(rows("SELECT trial_id, split, miou FROM trial_scores ORDER BY 1, 2", 3), scores);
  const std::vector<store::TrialRecord> trials = store.trials("quickstart");
  ASSERT_EQ(trials.size(), 2u);
  EXPECT_TRUE(trials[0].pretrained.is_null());
  // Ids stay what was stored, though a program of today would give these variants others.
  for (const store::TrialRecord& trial : trials) {
    EXPECT_EQ(trial.variant_id.size(), 16u);
    EXPECT_NO_THROW(core::variant_config_from_json(trial.variant));
  }
}

TEST_F(Schema, AStoreOfVersionSixIsMigratedAndKeepsWhatItMeasuredOfTrials) {
  store::Connection(file(), store::Connection::Mode::kReadWrite)
      .execute(core::read_file(std::filesystem::path(SEGBENCH_SOURCE_DIR) / "tests/data/stores/v6.sql"));
  ASSERT_EQ(rows("PRAGMA user_version", 1), (std::vector<std::string>{"6"}));
  const auto attempts = rows("SELECT * FROM attempts ORDER BY 1, 2", 17);
  ASSERT_FALSE(attempts.empty());
  const auto sizes = rows(
      "SELECT parameters, trainable_parameters, macs, printf('%.9g', train_seconds), peak_memory_bytes FROM "
      "trial_overview ORDER BY trial",
      5);
  const store::Store store = store::Store::open_read_only(file());
  EXPECT_EQ(rows("SELECT * FROM attempts ORDER BY 1, 2", 17), attempts);
  const std::vector<store::TrialRecord> trials = store.trials("quickstart");
  ASSERT_EQ(trials.size(), 2u);
  EXPECT_EQ(rows("SELECT parameters, trainable_parameters, macs, printf('%.9g', train_seconds), "
                 "peak_memory_bytes FROM trial_overview ORDER BY trial",
                 5),
            sizes);
  EXPECT_GT(trials[0].parameters.value(), 0);
  EXPECT_EQ(static_cast<double>(*trials[0].parameters), trials[0].measures.at("parameters"));
  for (const store::MeasureRecord& measure : store.measures(trials[0].trial_id))
    EXPECT_EQ(measure.split, "") << measure.key << " is of the trial as a whole";
  EXPECT_TRUE(store.final_evaluations("quickstart", "test").at(0).measures.empty());
}

TEST_F(Schema, OurMigrationsAscendFromOne) {
  int expected = 1;
  for (const store::Migration& step : store::migrations()) EXPECT_EQ(step.to_version, expected++);
}

}  // namespace
}  // namespace segbench::tests
