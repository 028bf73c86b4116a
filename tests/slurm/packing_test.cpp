// SPDX-License-Identifier: MIT
#include "harness/slurm/packing.h"

#include <gmock/gmock.h>

namespace segbench::slurm {
namespace {

using testing::ElementsAre;

std::vector<TaskTrial> trials(const std::vector<double>& minutes) {
  std::vector<TaskTrial> list;
  for (const double m : minutes)
    list.push_back({std::string(1, static_cast<char>('a' + list.size())), m * 60, 0});
  return list;
}

std::vector<std::string> names(const std::vector<Task>& tasks) {
  std::vector<std::string> list;
  for (const Task& task : tasks) {
    std::string& name = list.emplace_back();
    for (const TaskTrial& trial : task) name += trial.id;
  }
  return list;
}

TEST(Packing, ShortTrialsShareATaskOfHalfAnHour) {
  EXPECT_THAT(names(pack(trials({1, 1, 1, 1}), {.most_tasks = 100})), ElementsAre("abcd"));
  EXPECT_THAT(names(pack(trials({20, 20, 20, 20}), {.most_tasks = 100})), ElementsAre("ac", "bd"));
  EXPECT_THAT(names(pack(trials({60, 60}), {.most_tasks = 100})), ElementsAre("a", "b"));
  EXPECT_EQ(pack(trials({20, 20, 20, 20}), {.most_tasks = 100, .jobs = 2}).size(), 1u);
  EXPECT_TRUE(pack({}, {.most_tasks = 100}).empty());
}

TEST(Packing, TheLongestTrialsAreSpreadAndKeepTheirOrder) {
  const std::vector<Task> tasks = pack(trials({10, 40, 10, 40, 20}), {.most_tasks = 2});
  EXPECT_THAT(names(tasks), ElementsAre("be", "acd"));
  EXPECT_EQ(longest_seconds(tasks, 1), 60 * 60);
  EXPECT_EQ(longest_seconds(tasks, 2), 40 * 60) << "no shorter than one trial";
}

TEST(Packing, AnArrayHasAnEnd) {
  EXPECT_EQ(pack(trials(std::vector<double>(10, 60)), {.most_tasks = 4}).size(), 4u);
  const std::vector<Task> by_number =
      pack(trials(std::vector<double>(10, 60)), {.most_tasks = 4, .trials_per_task = 1});
  EXPECT_THAT(names(by_number), ElementsAre("abc", "def", "ghi", "j"));
}

TEST(Packing, UnknownTimesLeaveNoTaskEmpty) {
  for (const Task& task : pack(trials({0, 0, 90, 0}), {.most_tasks = 3})) EXPECT_FALSE(task.empty());
}

TEST(Packing, ByNumberKeepsTheOrder) {
  EXPECT_THAT(names(pack(trials({9, 1, 5, 2, 7}), {.most_tasks = 9, .trials_per_task = 2})),
              ElementsAre("ab", "cd", "e"));
}

}  // namespace
}  // namespace segbench::slurm
