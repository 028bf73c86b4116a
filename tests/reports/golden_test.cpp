// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <cstdlib>

#include "harness/core/files.h"
#include "reports/figures/figure.h"
#include "reports/html/html.h"
#include "reports/model/model.h"
#include "reports/panels/panels.h"
#include "reports/tables/tables.h"
#include "tests/reports/report_fixture.h"

// Golden files in tests/reports/golden: the model, tables, scripts and a section of a page of a made-up
// study. SEGBENCH_UPDATE_GOLDEN=1 writes them anew; read the difference before committing it.

namespace segbench::reports {
namespace {

void expect_golden(const std::string& name, const std::string& content) {
  const std::filesystem::path file =
      std::filesystem::path(SEGBENCH_SOURCE_DIR) / "tests/reports/golden" / name;
  if (std::getenv("SEGBENCH_UPDATE_GOLDEN") != nullptr) {
    std::filesystem::create_directories(file.parent_path());
    core::write_file_atomically(file, content);
  }
  EXPECT_EQ(content, core::read_file(file)) << name << ": set SEGBENCH_UPDATE_GOLDEN=1 to write it anew";
}

class Golden : public ::testing::Test {
 protected:
  Golden()
      : store_(study_.import()),
        model_(build_model(conclusions::load_inputs(store_, study_.runs.path(), "sizes"))) {
    add_panels(model_, store_, study_.runs.path());
  }
  tests::FakeStudy study_;
  store::Store store_;
  ReportModel model_;
};

TEST_F(Golden, Model) {
  expect_golden("model.json", to_json(model_).dump(1) + '\n');
}

TEST_F(Golden, Tables) {
  expect_golden("leaderboard.csv", text::to_csv(leaderboard_table(model_)));
  expect_golden("leaderboard.md", text::to_markdown(leaderboard_table(model_)));
  expect_golden("claims.md", text::to_markdown(claims_table(model_)));
  expect_golden("per_class.tex", text::to_latex(per_class_table(model_)));
  expect_golden("trials.csv", text::to_csv(trials_table(model_)));
}

TEST_F(Golden, Page) {
  expect_golden("verdict.html", verdict_html(model_));
  expect_golden("leaderboard.html", leaderboard_html(model_));
}

TEST_F(Golden, Plots) {
  const std::vector<Plot> plots = make_plots(model_);
  const auto plot = std::find_if(plots.begin(), plots.end(), [](const Plot& p) { return p.name == "strip"; });
  ASSERT_NE(plot, plots.end());
  expect_golden("strip.gp", plot->script);
  expect_golden("strip.dat", plot->data.at("strip.dat"));
}

}  // namespace
}  // namespace segbench::reports
