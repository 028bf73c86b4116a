// SPDX-License-Identifier: MIT
#include <fstream>
#include <functional>
#include <sstream>

#include "harness/core/random.h"
#include "tests/store/store_fixture.h"

namespace segbench::tests {
namespace {

using core::Json;
using testing::AllOf, testing::Contains, testing::HasSubstr, testing::IsEmpty, testing::SizeIs;

class HostileLogs : public StoreTest {
 protected:
  HostileLogs() : folder_(write_fake_trial(runs(), FakeTrial{})) {}

  std::filesystem::path events() const { return folder_ / core::kEventsFile; }
  std::filesystem::path attempts() const { return folder_ / core::kAttemptsFile; }

  static void write_text(const std::filesystem::path& file, std::string_view text) {
    std::ofstream(file, std::ios::binary) << text;
  }
  static std::vector<std::string> lines_of(const std::filesystem::path& file) {
    std::istringstream text(core::read_file(file));
    std::vector<std::string> lines;
    for (std::string line; std::getline(text, line);) lines.push_back(line);
    return lines;
  }
  static void write_lines(const std::filesystem::path& file, const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += line + '\n';
    write_text(file, text);
  }
  /// Line (from 1) of the first event of a type.
  static int find_line(const std::vector<std::string>& lines, const std::string& type) {
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (Json::parse(lines[i]).at("type") == type) return static_cast<int>(i) + 1;
    }
    return 0;
  }
  /// Rewrites the first event of a type and returns its line.
  int change(const std::string& type, const std::function<void(Json&)>& edit) {
    std::vector<std::string> lines = lines_of(events());
    const int line = find_line(lines, type);
    Json event = Json::parse(lines.at(static_cast<std::size_t>(line) - 1));
    edit(event);
    lines[static_cast<std::size_t>(line) - 1] = event.dump();
    write_lines(events(), lines);
    return line;
  }

  /// Imports twice into a new store: the same warnings, the same content. Returns the warnings.
  std::vector<std::string> import_twice() {
    store::remove_database(file());
    std::vector<std::string> first;
    {
      store::Store store = store::Store::open(file());
      first = store.import_trial(folder_, runs());
    }
    const std::vector<std::string> content = dump();
    {
      store::Store store = store::Store::open(file());
      EXPECT_EQ(store.import_trial(folder_, runs()), first);
      for (const store::TrialRecord& trial : store.trials("sizes")) {
        store.evaluations(trial.trial_id);
        store.epochs(trial.trial_id);
        store.images(trial.trial_id, "test");
      }
    }
    EXPECT_EQ(dump(), content);
    EXPECT_EQ(rows("PRAGMA integrity_check", 1), (std::vector<std::string>{"ok"}));
    EXPECT_THAT(rows("SELECT * FROM pragma_foreign_key_check", 1), IsEmpty());
    return first;
  }

  std::int64_t count(const std::string& table) {
    return std::stoll(rows("SELECT count(*) FROM " + table, 1)[0]);
  }

  std::filesystem::path folder_;
};

struct Damage {
  std::string type;
  std::function<void(Json&)> edit;
  std::string message;
  int lines_later = 0;  ///< where the damage shows, seen from the changed line
};

TEST_F(HostileLogs, ABadEventIsNamedByFileAndLineAndTheRestIsKept) {
  const std::vector<Damage> damages = {
      {"epoch", [](Json& e) { e["epoch"] = "one"; }, "epoch is \"one\", but must be an integer from 1"},
      {"epoch", [](Json& e) { e["epoch"] = -1; }, "epoch is -1"},
      {"epoch", [](Json& e) { e["epoch"] = 2; }, "epoch 2 was there before", 2},
      {"epoch", [](Json& e) { e.erase("steps"); }, "the key \"steps\" is missing"},
      {"epoch", [](Json& e) { e["samples"] = 18446744073709551615ULL; }, "samples is 18446744073709551615"},
      {"epoch", [](Json& e) { e["learning_rate"] = nullptr; },
       "learning_rate is null, but must be a finite number"},
      {"epoch", [](Json& e) { e["loss"] = "nan"; }, "loss is \"nan\", but must be a finite number"},
      {"epoch", [](Json& e) { e["timing"] = 3; }, "timing is 3, but must be an object"},
      {"epoch", [](Json& e) { e["type"] = std::string(100'000, 'x'); }, "unknown type \"xxx"},
      {"evaluation", [](Json& e) { e["tp"][0] = -5; }, "tp is -5"},
      {"evaluation", [](Json& e) { e["tp"][0] = 1e300; }, "tp is 1e+300"},
      {"evaluation", [](Json& e) { e["tp"][0] = INT64_MAX; }, "tp is 9223372036854775807"},
      {"evaluation", [](Json& e) { e["tp"].push_back(0); }, "tp, fp and fn have 4, 3 and 3 entries"},
      {"evaluation",
       [](Json& e) {
         for (const char* key : {"tp", "fp", "fn"}) e[key].push_back(0);
       },
       "the counts are of 4 classes, but the trial has 3"},
      {"evaluation", [](Json& e) { e["tp"] = Json::object(); }, "tp is {}, but must be an array"},
      {"evaluation", [](Json& e) { e["valid_pixels"] = 7; }, "valid_pixels is 7, but tp and fn add up to"},
      {"evaluation", [](Json& e) { e["split"] = "train"; },
       "split is \"train\", but must be one of: selection, test"},
      {"evaluation", [](Json& e) { e["weights"] = "best"; }, "must be one of: current, selected"},
      {"evaluation",
       [](Json& e) {
         e["confusion"] = {1, 2, 3};
       },
       "confusion has 3 cells, but must have 9"},
      {"evaluation", [](Json& e) { e["confusion"] = std::vector<int>(9, 1); }, "confusion does not fit"},
      {"evaluation", [](Json& e) { e["confusion"] = std::vector<std::int64_t>(9, std::int64_t{1} << 50); },
       "confusion is 1125899906842624"},
      {"image", [](Json& e) { e["counts"][0][0] = 3; }, "class is 3, but must be an integer from 0 to 2"},
      {"image", [](Json& e) { e["counts"][0][0] = -1; }, "class is -1"},
      {"image", [](Json& e) { e["counts"][1][0] = 0; }, "class 0 has two counts"},
      {"image", [](Json& e) { e["counts"][0][1] = std::int64_t{1} << 41; }, "tp is 2199023255552"},
      {"image",
       [](Json& e) {
         e["counts"] = Json::array({1, 2});
       },
       "no [class, tp, fp, fn]"},
      {"image", [](Json& e) { e["index"] = 101; }, "image 101 was there before", 1},
      {"image", [](Json& e) { e["split"] = Json::array(); }, "split is [], but must be a string"},
      {"measure", [](Json& e) { e["key"] = ""; }, "key has 0 characters, but must have 1 to 64"},
      {"measure", [](Json& e) { e["value"] = "nan"; }, "value is \"nan\", but must be a finite number"},
      {"measure", [](Json& e) { e["split"] = "train"; }, "must be one of: selection, test"},
      {"measure", [](Json& e) { e["key"] = "nll"; }, "the measure nll on test was there before", 1},
      {"selected", [](Json& e) { e.erase("metric"); }, "the key \"metric\" is missing"},
      {"finished", [](Json& e) { e["weights_sha256"] = 12; }, "weights_sha256 is 12, but must be a string"},
      {"trial", [](Json& e) { e["num_classes"] = 0; },
       "num_classes is 0, but must be an integer from 1 to 255"},
      {"trial", [](Json& e) { e["num_classes"] = 4; },
       "class_names has 3 names, but the trial has 4 classes"},
      {"trial", [](Json& e) { e["schema"] = 0; }, "schema is 0, but must be 1"},
      {"trial", [](Json& e) { e["parameters"] = 1.5; }, "parameters is 1.5"},
      {"trial", [](Json& e) { e["trial_id"] = "somebody"; }, "a log of another trial"},
      {"trial", [](Json& e) { e["seq"] = "zero"; }, "seq is \"zero\""},
  };
  FakeTrial fake;
  fake.measures = {{"ece", 0.1}, {"nll", 0.5}};
  for (const Damage& damage : damages) {
    write_fake_trial(runs(), fake);
    const int line = change(damage.type, damage.edit) + damage.lines_later;
    const std::vector<std::string> warnings = import_twice();
    const std::string place = damage.message.starts_with("a log of")
                                  ? events().string() + ": "
                                  : events().string() + ":" + std::to_string(line) + ": ";
    EXPECT_THAT(warnings, Contains(AllOf(HasSubstr(place), HasSubstr(damage.message)))) << damage.message;
    EXPECT_EQ(count("trials"), 1) << damage.message;
    if (damage.type != "trial" && damage.type != "image") {
      EXPECT_GE(count("epochs"), 2) << damage.message;
    }
  }
}

TEST_F(HostileLogs, LinesThatAreNoEventsAreNamed) {
  std::vector<std::string> lines = lines_of(events());
  lines.insert(lines.begin() + 2,
               {"", "garbage", "[1, 2]", "{\"seq\": 9}", "\xFF\xFE", std::string(100, '['), "{\"type\": 7}"});
  write_lines(events(), lines);
  const std::vector<std::string> warnings = import_twice();
  for (const int line : {3, 4, 5, 6, 7, 8, 9}) {
    EXPECT_THAT(warnings, Contains(HasSubstr(events().string() + ":" + std::to_string(line) + ": ")));
  }
  EXPECT_EQ(count("epochs"), 3);
  EXPECT_EQ(rows("SELECT status FROM trials", 1)[0], "interrupted");
}

TEST_F(HostileLogs, RepeatedEventsCountOnce) {
  std::vector<std::string> lines = lines_of(events());
  const std::vector<std::string> original = lines;
  lines.insert(lines.end() - 1, original.begin(), original.end() - 1);
  write_lines(events(), lines);
  const std::vector<std::string> warnings = import_twice();
  EXPECT_THAT(warnings, Contains(HasSubstr("seq 0 was there before")));
  EXPECT_EQ(count("epochs"), 3);
  EXPECT_EQ(count("images"), 8);
}

TEST_F(HostileLogs, WhatFollowsTheEndIsLeftOut) {
  std::vector<std::string> lines = lines_of(events());
  Json epoch = Json::parse(lines.at(static_cast<std::size_t>(find_line(lines, "epoch")) - 1));
  epoch["epoch"] = 4;
  epoch["seq"] = lines.size();
  lines.push_back(epoch.dump());
  write_lines(events(), lines);
  EXPECT_THAT(import_twice(), Contains(HasSubstr("follows the trial's last event")));
  EXPECT_EQ(count("epochs"), 3);
}

TEST_F(HostileLogs, ALogMayBeCutAnywhere) {
  const std::string whole = core::read_file(events());
  for (std::size_t size = 0; size < whole.size(); size += 499) {
    write_text(events(), std::string_view(whole).substr(0, size));
    EXPECT_THAT(import_twice(), testing::ElementsAre(HasSubstr("not taken as complete")))
        << "a torn tail is no defect of its own";
    EXPECT_EQ(rows("SELECT status FROM trials", 1)[0], "interrupted")
        << "the attempt says complete, the log does not";
  }
}

TEST_F(HostileLogs, ByteFlipsNeverCrashOrCorrupt) {
  const std::string whole = core::read_file(events()), of_attempts = core::read_file(attempts());
  core::Stream stream(5, core::Purpose::kShapes);
  for (int round = 0; round < 60; ++round) {
    for (const auto& [file, original] : {std::pair{events(), whole}, {attempts(), of_attempts}}) {
      std::string text = original;
      for (int flip = 0; flip < 3; ++flip)
        text[stream.below(text.size())] = static_cast<char>(stream.below(256));
      write_text(file, text);
    }
    import_twice();
  }
}

TEST_F(HostileLogs, MissingImagesAreNoticed) {
  std::vector<std::string> lines = lines_of(events());
  lines.erase(lines.begin() + find_line(lines, "image") - 1);
  write_lines(events(), lines);
  EXPECT_THAT(import_twice(),
              Contains(HasSubstr("the final evaluation on selection is of 4 images; 3 are recorded")));
  write_fake_trial(runs(), FakeTrial{});
  change("image", [](Json& e) { e["counts"][0][2] = e["counts"][0][2].get<int>() + 1; });
  EXPECT_THAT(import_twice(), Contains(HasSubstr("do not add up to its counts")));
}

TEST_F(HostileLogs, AMeasureThatOtherEventsTellTooIsTakenOnce) {
  std::vector<std::string> lines = lines_of(events());
  const Json finished = Json::parse(lines.back());
  lines.back() =
      Json{{"type", "measure"}, {"seq", finished.at("seq")}, {"key", "parameters"}, {"value", 7}}.dump();
  write_lines(events(), lines);
  import_twice();
  EXPECT_EQ(count("measures WHERE measure = 'parameters'"), 1);
}

TEST_F(HostileLogs, BadAttemptsAreNamed) {
  std::vector<std::string> lines = lines_of(attempts());
  Json ended = Json::parse(lines.at(1));
  ended["status"] = "won";
  write_lines(attempts(), {lines[0], ended.dump(), lines[0], "{\"type\": \"ended\", \"attempt\": 0}",
                           "{\"type\": \"paused\", \"attempt\": 1}"});
  const std::vector<std::string> warnings = import_twice();
  EXPECT_THAT(warnings, Contains(HasSubstr(attempts().string() + ":2: status is \"won\"")));
  EXPECT_THAT(warnings, Contains(HasSubstr(":3: attempt 1 started before")));
  EXPECT_THAT(warnings, Contains(HasSubstr(":4: attempt is 0")));
  EXPECT_THAT(warnings, Contains(HasSubstr(":5: unknown type \"paused\"")));
  EXPECT_EQ(count("attempts"), 1);
}

TEST_F(HostileLogs, ManyBadLinesAreCountedNotListed) {
  std::vector<std::string> lines(1000, "garbage");
  write_lines(events(), lines);
  const std::vector<std::string> warnings = import_twice();
  EXPECT_THAT(warnings, SizeIs(21));
  EXPECT_THAT(warnings.back(), HasSubstr("981 more lines like these"));
}

TEST_F(HostileLogs, AFolderWithoutASpecificationIsLeftOut) {
  write_text(folder_ / core::kTrialFile, "{\"schema\": 1}");
  EXPECT_THAT(import_twice(), Contains(HasSubstr("not a trial specification")));
  EXPECT_EQ(count("trials"), 0);
}

}  // namespace
}  // namespace segbench::tests
