// SPDX-License-Identifier: MIT
#include "reports/html/html.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "harness/core/error.h"
#include "harness/core/text.h"
#include "reports/figures/gnuplot.h"
#include "reports/figures/svg.h"
#include "tests/reports/html_check.h"
#include "tests/reports/report_fixture.h"

namespace segbench::reports {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr const char* kHostile = "<script>alert(1)</script>\"'&`touch x`";

PageAssets assets_of(const ReportModel& model) {
  PageAssets assets;
  for (Plot& plot : make_plots(model))
    assets.figures.push_back({std::move(plot), "<svg viewBox=\"0 0 1 1\"></svg>"});
  assets.generated = "2026-01-02T03:04:05.000Z";
  assets.version = "0.0.0";
  return assets;
}

ReportModel whole_model(const tests::FakeStudy& study) {
  const store::Store store = study.import();
  return build_model(conclusions::load_inputs(store, study.runs.path(), "sizes"));
}

/// Everything a user can write becomes hostile.
ReportModel hostile_model() {
  const tests::FakeStudy study;
  const store::Store store = study.import();
  StudyInputs inputs = conclusions::load_inputs(store, study.runs.path(), "sizes");
  inputs.study.question = inputs.study.study["source"] = kHostile;
  for (core::Json& variant : inputs.study.study["variants"]) {
    variant["label"] = kHostile + variant["label"].get<std::string>();
  }
  inputs.study.study["audit"]["findings"][0]["message"] = kHostile;
  inputs.study.study["published"][0]["source"] = kHostile;
  inputs.study.study["claims"][0]["candidate_label"] = kHostile;
  inputs.study.study["command"] = kHostile;
  for (TrialInputs& trial : inputs.trials) {
    trial.record.variant_label = kHostile;
    trial.record.environment["cpu"] = kHostile;
    trial.record.class_names[1] = kHostile;
  }
  inputs.trials[0].record.status = core::TrialStatus::kFailed;
  inputs.trials[0].record.message = kHostile;
  inputs.trials[0].log_tail = {kHostile};
  return build_model(inputs);
}

void expect_sound(const ReportModel& model) {
  const std::string page = render_html(model, assets_of(model));
  const tests::HtmlPage html = tests::read_html(page);
  EXPECT_THAT(html.defects, IsEmpty());
  std::set<std::string> ids;
  for (const tests::HtmlTag& tag : html.tags) {
    const std::string id = tag.value("id");
    EXPECT_TRUE(id.empty() || ids.insert(id).second) << "twice the id " << id;
  }
  for (const tests::HtmlTag& tag : html.tags) {
    for (const char* attribute : {"src", "href"}) {
      const std::string link = tag.value(attribute);
      EXPECT_TRUE(link.empty() || link.starts_with("#") || link.starts_with("data:"))
          << tag.name << ' ' << link;
      EXPECT_TRUE(!link.starts_with("#") || ids.contains(link.substr(1))) << "nothing at " << link;
    }
    EXPECT_THAT(tag.name, Not(testing::AnyOf("link", "iframe", "object", "embed")));
    EXPECT_TRUE(tag.name != "svg" || !tag.value("role").empty() || tag.value("viewBox") == "0 0 1 1");
    EXPECT_TRUE(tag.name != "img" || !tag.value("alt").empty());
    EXPECT_THAT(tag.attributes, Not(HasSubstr(" onclick")));
    const std::string trials = tag.value("data-trials");
    if (trials.empty()) continue;
    for (const std::string& trial : core::split(trials, ' ')) {
      EXPECT_TRUE(ids.contains("trial-" + trial)) << "no line for trial " << trial;
    }
  }
  EXPECT_THAT(page, Not(HasSubstr("url(")));
  EXPECT_THAT(page, Not(HasSubstr("@import")));
}

TEST(Html, IsWellFormedAndLoadsNothing) {
  const tests::FakeStudy study;
  expect_sound(whole_model(study));
}

TEST(Html, HoldsTheScriptOfThePageAndNoOther) {
  const ReportModel model = hostile_model();
  expect_sound(model);
  const std::string page = render_html(model, assets_of(model));
  std::size_t scripts = 0;
  for (std::size_t at = page.find("<script"); at != std::string::npos; at = page.find("<script", at + 1))
    ++scripts;
  EXPECT_EQ(scripts, 1u);
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;"));
}

TEST(Html, SaysWhereEveryNumberComesFrom) {
  const tests::FakeStudy study;
  const ReportModel model = whole_model(study);
  const tests::HtmlPage html = tests::read_html(leaderboard_html(model));
  std::size_t numbers = 0, rows = 0;
  std::string row_trials;
  for (const tests::HtmlTag& tag : html.tags) {
    if (tag.name == "tr") row_trials = tag.value("data-trials"), ++rows;
    if (tag.name != "data") continue;
    ++numbers;
    EXPECT_FALSE(tag.value("value").empty());
    EXPECT_FALSE(row_trials.empty() && tag.value("data-trials").empty()) << tag.attributes;
  }
  EXPECT_GT(numbers, 30u);
  EXPECT_GE(rows, 6u);
}

TEST(Html, TellsOfAnIncompleteStudy) {
  const tests::FakeStudy study;
  const store::Store store = study.import();
  StudyInputs inputs = conclusions::load_inputs(store, study.runs.path(), "sizes");
  inputs.trials.erase(inputs.trials.begin() + 3, inputs.trials.end());
  const ReportModel model = build_model(inputs);
  EXPECT_EQ(model.planned, 9);
  EXPECT_EQ(model.excluded.size(), 6u) << "the trials that nobody has started";
  EXPECT_THAT(render_html(model, assets_of(model)), HasSubstr("3 of 9 trials are complete (6 pending)"));
  expect_sound(model);
}

TEST(Html, RendersAStudyWithoutAnyTrial) {
  StudyInputs inputs;
  inputs.study.name = "empty";
  const ReportModel model = build_model(inputs);
  expect_sound(model);
  EXPECT_THAT(render_html(model, assets_of(model)), HasSubstr("No trial is complete yet"));
}

TEST(Html, PrintsUndefinedAsADashWithItsReason) {
  StudyInputs inputs;
  inputs.study.name = "one";
  inputs.trials.emplace_back();
  inputs.trials[0].record.trial_id = "t1";
  inputs.trials[0].record.variant_id = inputs.trials[0].record.variant_label = "v";
  inputs.trials[0].record.status = core::TrialStatus::kRunning;
  const std::string page = leaderboard_html(build_model(inputs));
  EXPECT_THAT(page, HasSubstr("<span title=\"no complete trial\">–</span>"));
  EXPECT_THAT(page, Not(HasSubstr(">0.000<")));
}

// On a screen of 390 pixels only boxes scroll sideways, never the page.
TEST(Html, WhatMayBeWiderThanTheScreenStandsInABoxThatScrolls) {
  const tests::FakeStudy study;
  ReportModel model = whole_model(study);
  for (Entry& entry : model.leaderboard) entry.label = std::string(300, 'w') + entry.label;
  const std::string page = render_html(model, assets_of(model));
  const auto each_stands_in = [&](const std::string& element, const std::string& box) {
    std::size_t count = 0;
    for (std::size_t at = page.find(element); at != std::string::npos;
         at = page.find(element, at + 1), ++count) {
      const std::size_t open = page.rfind("<div class=\"" + box + "\"", at);
      ASSERT_NE(open, std::string::npos) << element << " " << count;
      EXPECT_EQ(page.substr(open, at - open).find("</div>"), std::string::npos) << element << " " << count;
    }
    EXPECT_GT(count, 0u) << element;
  };
  each_stands_in("<table", "scroll");
  each_stands_in("<svg viewBox=\"0 0 1 1\"", "plot");
  EXPECT_THAT(page, HasSubstr(".scroll { overflow-x: auto;"));
  EXPECT_THAT(page, HasSubstr(".plot { overflow-x: auto;"));
  EXPECT_THAT(page, HasSubstr("td.name, th.name { white-space: normal; overflow-wrap: break-word;"));
}

TEST(Html, SvgIsMadeToFitThePage) {
  const std::string svg =
      "<?xml version=\"1.0\"?>\n<svg width=\"5\" height=\"5\" viewBox=\"0 0 5 5\" "
      "xmlns=\"http://www.w3.org/2000/svg\">"
      "<title>Gnuplot</title><desc>Produced</desc><defs><circle id='gpDot' r='1'/></defs><g "
      "id=\"plot_1\"><title>x</title>"
      "<use xlink:href='#gpDot' color='rgb(  0, 114, 178)'/><path stroke='rgb( 31,  41,  51)'/></g></svg>";
  const std::string page = inline_svg(svg, "strip", "A <title>", "numbers");
  EXPECT_THAT(tests::read_html(page).defects, IsEmpty());
  EXPECT_THAT(page, HasSubstr("role=\"img\""));
  EXPECT_THAT(page, HasSubstr("A &lt;title&gt;"));
  EXPECT_THAT(page, HasSubstr("href=\"#strip-gpDot\" color=\"var(--accent)\""));
  EXPECT_THAT(page, HasSubstr("stroke=\"currentColor\""));
  EXPECT_THAT(page, Not(HasSubstr("http")));
  EXPECT_THROW(inline_svg("not a picture", "strip", "", ""), core::UserError);
}

}  // namespace
}  // namespace segbench::reports
