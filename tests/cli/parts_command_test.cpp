// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "harness/core/part.h"
#include "harness/study/part_page.h"
#include "tests/cli/run_command.h"

namespace segbench {
namespace {

using core::Json;
using testing::HasSubstr;
using tests::CommandOutput;

CommandOutput parts(const std::vector<std::string>& arguments, const std::string& format = "json") {
  cli::Context context;
  context.format = format;
  std::vector<std::string> all = {"parts"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return tests::run_command(cli::add_parts, context, all);
}

TEST(Parts, ListsEveryPartOfEveryKind) {
  std::size_t registered = 0;
  for (const core::PartKind kind : core::kPartKinds) {
    const std::size_t of_kind = core::PartRegistry::instance().names(kind).size();
    EXPECT_GE(of_kind, 1U) << core::to_string(kind);
    EXPECT_EQ(parts({study::folder_of(kind)}).json().size(), of_kind);
    registered += of_kind;
  }
  EXPECT_EQ(parts({}).json().size(), registered);
}

TEST(Parts, ShowsTheParametersOfOne) {
  const Json rows = parts({"optimizers", "sgd"}).json();
  const auto momentum = std::find_if(rows.begin(), rows.end(),
                                     [](const Json& row) { return row.at("parameter") == "momentum"; });
  ASSERT_NE(momentum, rows.end());
  EXPECT_EQ(momentum->at("allowed"), "a number of at least 0 and less than 1");
  EXPECT_THAT(parts({"opt", "sgd"}, "table").out, HasSubstr("optimizer sgd: "));
  const core::PartSpec& sgd = core::PartRegistry::instance().get(core::PartKind::kOptimizer, "sgd");
  EXPECT_EQ(parts({"optimizers", "sgd"}, "md").out, study::part_page(sgd));
}

TEST(Parts, SaysWhatThereIsWhereANameIsNotKnown) {
  EXPECT_EQ(parts({"optimisers"}).exit_code, core::kUsage);
  EXPECT_THAT(parts({"optimisers"}).error, HasSubstr("schedules"));
  EXPECT_THAT(parts({"schedules", "inverse"}, "table").out, HasSubstr("inverse_time"));
  EXPECT_THAT(parts({"schedules", "reverse_time"}).error, HasSubstr("inverse_time"));
}

}  // namespace
}  // namespace segbench
