// SPDX-License-Identifier: MIT
// The pages as requests get them, over trials that a test has made up; segbench is played by a shell script.
#include "harness/serve/service.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <thread>

#include "harness/core/files.h"
#include "harness/core/json.h"
#include "harness/core/trial.h"
#include "harness/data/codecs/image_file.h"
#include "harness/serve/pages.h"
#include "tests/support/fake_trials.h"
#include "tests/support/temporary_folder.h"

namespace segbench::tests {
namespace {

namespace fs = std::filesystem;
using core::Json;
using serve::Request, serve::Response, serve::Service;
using testing::HasSubstr, testing::Not;

Request asked(const std::string& target, const std::string& more = "") {
  return serve::parse_head("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n" + more + "\r\n");
}

std::string header_of(const Response& response, const std::string& name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return "";
}

/// A study of two complete trials with weights and one that failed.
struct ServedStudy {
  explicit ServedStudy(const std::string& script = kGoodScript, const std::string& label = "small") {
    for (const auto& [name, end] : {std::pair<std::string, std::string>{label, "complete"},
                                    {"medium", "complete"},
                                    {"full", "crashed"}}) {
      FakeTrial trial;
      trial.label = name;
      trial.end = end;
      trials.push_back(trial);
    }
    write_fake_study(runs.path(), trials, "Which <one> is \"best\"?");
    for (const FakeTrial& trial : trials) {
      if (trial.end == "complete") std::ofstream(folder_of(trial) / core::kWeightsFile) << "weights";
    }
    core::write_file_atomically(scratch / "segbench", "#!/bin/sh\n" + script);
    fs::permissions(scratch / "segbench", fs::perms::owner_all);
    fs::create_directory(scratch / "work");
    serve::PredictionLimits limits;
    limits.pixels = 10'000;
    limits.waiting = 2;
    limits.time = std::chrono::seconds(2);
    service = std::make_unique<Service>(serve::ServiceSettings{.runs = runs.path(),
                                                               .study = "sizes",
                                                               .scratch = scratch / "work",
                                                               .program = scratch / "segbench",
                                                               .plots = false,
                                                               .limits = limits});
  }

  /// predict TRIAL IMAGE --output OUT …: three pictures, and a table.
  static constexpr const char* kGoodScript =
      "mkdir \"$5\"; for p in mask colour overlay; do cp \"$3\" \"$5/input_$p.png\"; done\n"
      "echo '[{\"image\": \"x\", \"classes\": \"road 60.0 %, <b>car</b> 40.0 %\"}]'\n";

  fs::path folder_of(const FakeTrial& trial) const { return runs / ("sizes/trials/" + fake_trial_id(trial)); }
  std::string id(std::size_t i) const { return fake_trial_id(trials[i]); }
  Response get(const std::string& target, const std::string& more = "") {
    const Request request = asked(target, more);
    if (auto refusal = service->refuse(request, {})) return *refusal;
    return service->answer(request);
  }
  Response post(const std::string& query, const std::string& body, const std::string& type = "image/png",
                const std::string& path = "/api/predictions") {
    Request request =
        serve::parse_head(fmt::format("POST {}?{} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {}\r\n"
                                      "Content-Length: {}\r\n\r\n",
                                      path, query, type, body.size()));
    if (auto refusal = service->refuse(request, {})) return *refusal;
    request.body = body;
    return service->answer(request);
  }
  /// Asks until the answer is there.
  Json until_done(const std::string& address) {
    for (int i = 0; i < 200; ++i) {
      Json json = Json::parse(get(address).body);
      if (json.at("done")) return json;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    throw std::runtime_error("it is never done");
  }

  TemporaryFolder runs, scratch;
  std::vector<FakeTrial> trials;
  std::unique_ptr<Service> service;
};

std::string picture(std::int64_t height, std::int64_t width) {
  const TemporaryFolder folder;
  data::write_png(folder / "x.png",
                  {.height = height,
                   .width = width,
                   .channels = 3,
                   .pixels = std::vector<std::uint8_t>(static_cast<std::size_t>(height * width * 3))});
  return core::read_file(folder / "x.png");
}

TEST(Pages, CallADrawThatWaitsPaused) {
  const TemporaryFolder runs, scratch;
  std::vector<FakeTrial> trials = fake_trials({"a"}, {1, 2, 3});
  trials[0].end = "paused", trials[1].end = "interrupted";
  write_fake_study(runs.path(), trials);
  Service service({.runs = runs.path(),
                   .study = "sizes",
                   .scratch = scratch.path(),
                   .program = "/bin/false",
                   .plots = false});
  const std::string page = service.answer(asked("/")).body;
  EXPECT_THAT(page, HasSubstr("<b>1</b> paused"));
  EXPECT_THAT(page, HasSubstr("<b>1</b> interrupted"));
  const std::string paused = service.answer(asked("/?status=paused")).body;
  EXPECT_THAT(paused, HasSubstr("/trials/" + fake_trial_id(trials[0])));
  EXPECT_THAT(paused, Not(HasSubstr("/trials/" + fake_trial_id(trials[1]))));
  const Json status = Json::parse(service.answer(asked("/api/status.json")).body);
  EXPECT_EQ(status.at("counts").at("paused"), 1);
  EXPECT_EQ(status.at("counts").at("interrupted"), 1);
  EXPECT_EQ(status.at("trials").at(0).at("status"), "paused");
}

TEST(Pages, CountTheDrawsThatAFinishedSearchLeavesAsDone) {
  std::vector<FakeTrial> trials = fake_trials({"a"}, {1, 2, 3, 4});
  trials[1].end = "paused", trials[2].end = "interrupted", trials[3].end = "pending";
  const auto page = [&](bool is_finished) {
    const TemporaryFolder runs, scratch;
    write_fake_study(runs.path(), trials);
    Json study = Json::parse(core::read_file(runs / "sizes/study.json"));
    study["search"] = Json::object();
    core::write_file_atomically(runs / "sizes/study.json", study.dump());
    const Json draw = {{"variant", fake_variant(trials[0]).id}};
    core::write_file_atomically(runs / "sizes/search.json",
                                Json({{"finished", is_finished}, {"draws", Json::array({draw})}}).dump());
    Service service({.runs = runs.path(),
                     .study = "sizes",
                     .scratch = scratch.path(),
                     .program = "/bin/false",
                     .plots = false});
    return service.answer(asked("/")).body;
  };
  EXPECT_THAT(page(true), HasSubstr("<span>100 % of the epochs</span>"));
  EXPECT_THAT(page(false), Not(HasSubstr("100 % of the epochs")));
}

TEST(Pages, ShowTheStudy) {
  ServedStudy study;
  const Response all = study.get("/");
  EXPECT_EQ(all.status, 200);
  EXPECT_THAT(all.body, HasSubstr("Which &lt;one&gt; is &quot;best&quot;?"));
  EXPECT_THAT(all.body, HasSubstr("<b>2</b> complete"));
  EXPECT_THAT(all.body, HasSubstr("<svg class=\"chart\""));
  for (std::size_t i = 0; i < 3; ++i) EXPECT_THAT(all.body, HasSubstr("/trials/" + study.id(i)));
  const Response failed = study.get("/?status=failed");
  EXPECT_THAT(failed.body, HasSubstr("/trials/" + study.id(2)));
  EXPECT_THAT(failed.body, HasSubstr("title=\"of epoch 1, so far\"")) << "it has selected none";
  EXPECT_THAT(all.body, HasSubstr(">0.8000<")) << "the selected one's";
  EXPECT_THAT(failed.body, Not(HasSubstr("/trials/" + study.id(0))));
  EXPECT_EQ(study.get("/?page=999999999999&status=nonsense").status, 200);
  const Response one = study.get("/trials/" + study.id(0));
  EXPECT_THAT(one.body, HasSubstr("The numbers, epoch by epoch"));
  EXPECT_THAT(one.body, HasSubstr("/predict?trial=" + study.id(0)));
  EXPECT_THAT(study.get("/trials/" + study.id(0) + "/events.jsonl").body, HasSubstr("\"type\":\"finished\""));
  EXPECT_THAT(study.get("/predict?trial=" + study.id(1)).body,
              HasSubstr("value=\"" + study.id(1) + "\" checked"));
  EXPECT_THAT(study.get("/predict").body, Not(HasSubstr("value=\"" + study.id(2))));
  const Json status = Json::parse(study.get("/api/status.json").body);
  EXPECT_EQ(status.at("counts").at("complete"), 2);
  EXPECT_EQ(status.at("trials").size(), 3u);
  EXPECT_EQ(status.at("trials")[2].at("reason"), "crashed");
}

TEST(Pages, SayOfAnEnsembleThatItIsNotTrained) {
  const TemporaryFolder folder;
  serve::Snapshot snapshot;
  snapshot.trials.push_back({.trial_id = "a1",
                             .variant_id = "v",
                             .variant_label = "both",
                             .seed = 1,
                             .epochs = 3,
                             .folder = folder.path()});
  snapshot.states.emplace_back();
  snapshot.states[0].status = core::TrialStatus::kComplete;
  const std::string page = serve::trial_page(snapshot, 0, {});
  EXPECT_THAT(page, HasSubstr("scored without being trained"));
  EXPECT_THAT(page, Not(HasSubstr("epoch <b>")));
  EXPECT_THAT(page, Not(HasSubstr("No epoch has ended yet")));
  snapshot.states[0].status = core::TrialStatus::kRunning;
  EXPECT_THAT(serve::trial_page(snapshot, 0, {}), HasSubstr("epoch <b>0</b> of 3"));
}

TEST(Pages, OfManyTrialsAreTurned) {
  const TemporaryFolder runs, scratch;
  std::vector<FakeTrial> trials;
  for (std::uint64_t seed = 1; seed <= 205; ++seed) {
    FakeTrial trial;
    trial.seed = seed;
    trial.end = "pending";
    trials.push_back(trial);
  }
  write_fake_study(runs.path(), trials);
  Service service({.runs = runs.path(),
                   .study = "sizes",
                   .scratch = scratch.path(),
                   .program = "/bin/false",
                   .plots = false});
  const auto rows = [&](const std::string& target) {
    const std::string page = service.answer(asked(target)).body;
    std::size_t count = 0;
    for (std::size_t at = 0; (at = page.find("<th scope=\"row\"", at)) != std::string::npos; ++at) ++count;
    return count;
  };
  EXPECT_EQ(rows("/"), 100u);
  EXPECT_EQ(rows("/?page=3"), 5u);
  EXPECT_EQ(rows("/?page=4"), 5u) << "the last one";
  EXPECT_EQ(rows("/?page=0"), 100u);
  EXPECT_EQ(rows("/?status=running&page=2"), 0u);
  EXPECT_THAT(service.answer(asked("/?status=pending&page=2")).body,
              HasSubstr("<a href=\"/?status=pending&amp;page=3\">3</a>"));
}

TEST(Pages, AreSentAgainOnlyWhenTheyHaveChanged) {
  ServedStudy study;
  const std::string trial = "/trials/" + study.id(2);
  const Response first = study.get(trial);
  const std::string tag = header_of(first, "ETag");
  EXPECT_EQ(tag.size(), 34u);
  const Response same = study.get(trial, "If-None-Match: " + tag + "\r\n");
  EXPECT_EQ(same.status, 304);
  EXPECT_EQ(same.body, "");
  std::ofstream(study.folder_of(study.trials[2]) / core::kWorkerLogFile, std::ios::app) << "something new\n";
  const Response changed = study.get(trial, "If-None-Match: " + tag + "\r\n");
  EXPECT_EQ(changed.status, 200);
  EXPECT_THAT(changed.body, HasSubstr("something new"));
}

TEST(Pages, EscapeWhatIsHostile) {
  const std::string hostile =
      "<img src=x onerror=alert(1)>\"'&\xE2\x80\xAE\xE6\xBC\xA2" + std::string(500, 'y');
  ServedStudy study(ServedStudy::kGoodScript, hostile);
  std::ofstream(study.folder_of(study.trials[0]) / core::kWorkerLogFile)
      << "</pre><script>alert(2)</script>\x1b[31m\xff\n";
  for (const std::string& page :
       {std::string("/"), "/trials/" + study.id(0), std::string("/predict"), std::string("/report")}) {
    const Response response = study.get(page);
    EXPECT_EQ(response.status, 200);
    EXPECT_THAT(response.body, Not(HasSubstr("<img src=x"))) << page;
    EXPECT_THAT(response.body, Not(HasSubstr("alert(2)</script>"))) << page;
    EXPECT_EQ(response.body.find('\x1b'), std::string::npos) << page;
    EXPECT_THAT(response.body, Not(HasSubstr(" style="))) << "the policy would not let it count";
    EXPECT_THAT(response.body, Not(HasSubstr(" onerror=alert(1)>"))) << page;
  }
}

TEST(Paths, LeadOnlyToWhatIsServed) {
  ServedStudy study;
  core::write_file_atomically(study.runs / "secret.txt", "a secret");
  for (const char* path : {"/../secret.txt",
                           "/trials/../../secret.txt",
                           "/trials/%2e%2e/%2e%2e/secret.txt",
                           "/report/1/../../secret.txt",
                           "/report/1/%2e%2e/segbench",
                           "/report/1//etc/passwd",
                           "/report/1/results.sqlite",
                           "/predictions/../segbench",
                           "/predictions/x/input",
                           "/predictions//input",
                           "//etc/passwd",
                           "/etc/passwd",
                           "/trials/",
                           "/trials//worker.log",
                           "/report/99999999999999999999/index.html",
                           "/report/-1/index.html",
                           "/api/predictions/../status.json",
                           "/.",
                           "/style.css/",
                           "/trials/none"}) {
    const Response response = study.get(path);
    EXPECT_EQ(response.status, 404) << path;
    EXPECT_THAT(response.body, Not(HasSubstr("a secret")));
  }
  EXPECT_EQ(study.get("/trials/" + study.id(0) + "/trial.json").status, 404) << "three logs, no other file";
  EXPECT_EQ(study.get("/trials/" + study.id(0) + "/../" + study.id(0) + "/worker.log").status, 404);
}

TEST(Reports, AreMadeOfTheLogsAndServedWithTheirFiles) {
  ServedStudy study;
  Json report;
  for (int i = 0; i < 600 && (report.is_null() || report.at("number") == 0); ++i) {
    report = Json::parse(study.get("/api/status.json").body).at("report");
    ASSERT_EQ(report.at("problem"), "");
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  ASSERT_EQ(report.at("number"), 1);
  EXPECT_EQ(report.at("complete"), 2);
  EXPECT_THAT(study.get("/report").body, HasSubstr("src=\"/report/1/index.html\""));
  const Response page = study.get("/report/1/index.html");
  EXPECT_EQ(page.status, 200);
  EXPECT_THAT(page.body, HasSubstr("Segbench report"));
  EXPECT_THAT(header_of(page, "Content-Security-Policy"), HasSubstr("frame-ancestors 'self'"));
  EXPECT_EQ(study.get("/report/1/model.json").type, "application/json");
  EXPECT_EQ(study.get("/report/2/index.html").status, 404);
  EXPECT_FALSE(fs::exists(study.runs / "results.sqlite")) << "the store of the study is not ours";
  EXPECT_FALSE(fs::exists(study.runs / "sizes/report"));
}

TEST(Uploads, BecomeMasksOfEachTrial) {
  ServedStudy study;
  const std::string image = picture(20, 30);
  const Response taken = study.post(
      fmt::format("trial={0}&trial={1}&trial={0}&name=%3Cb%3Ex.png", study.id(0), study.id(1)), image);
  ASSERT_EQ(taken.status, 202) << taken.body;
  const Json place = Json::parse(taken.body);
  const Json done = study.until_done(place.at("status"));
  ASSERT_EQ(done.at("answers").size(), 2u);
  EXPECT_EQ(done.at("answers")[0].at("state"), "done") << done;
  EXPECT_EQ(done.at("width"), 30);
  EXPECT_EQ(study.get(done.at("answers")[1].at("mask")).body, image);
  const Response input = study.get(std::string(place.at("page")) + "/input");
  EXPECT_EQ(input.body, image);
  EXPECT_EQ(input.type, "image/png");
  const Response page = study.get(place.at("page"));
  EXPECT_THAT(page.body, HasSubstr("&lt;b&gt;x.png"));
  EXPECT_THAT(page.body, HasSubstr("&lt;b&gt;car&lt;/b&gt; 40.0 %"));
  EXPECT_THAT(study.get("/predict").body, HasSubstr(std::string(place.at("page"))));
  EXPECT_EQ(study.get(std::string(place.at("page")) + "/" + study.id(0) + "/../mask.png").status, 404);
  EXPECT_EQ(study.get(std::string(place.at("page")) + "/" + study.id(2) + "/mask.png").status, 404);
}

TEST(Uploads, ThatCannotBeTakenSayWhy) {
  ServedStudy study;
  const std::string image = picture(20, 30), trial = "trial=" + study.id(0);
  EXPECT_EQ(study.post(trial, image, "multipart/form-data").status, 415)
      << "what a form of another page can send";
  EXPECT_EQ(study.post(trial, image, "text/plain").status, 415);
  EXPECT_EQ(study.post(trial, "no image at all").status, 415);
  EXPECT_EQ(study.post(trial, image.substr(0, 20)).status, 415);
  EXPECT_EQ(study.post(trial, picture(101, 100)).status, 413);
  EXPECT_EQ(study.post(trial, std::string((32u << 20) + 1, 'x')).status, 413);
  EXPECT_EQ(study.post(trial, "").status, 422);
  EXPECT_EQ(study.post("", image).status, 422);
  EXPECT_EQ(study.post("trial=../../x", image).status, 422);
  EXPECT_EQ(study.post("trial=" + study.id(2), image).status, 422) << "it failed";
  EXPECT_EQ(study.post(trial, image, "image/png", "/trials").status, 404);
  EXPECT_EQ(fs::exists(study.scratch / "work/x"), false);
}

TEST(Uploads, ThatFailOrHangAreEnded) {
  ServedStudy failing("echo \"segbench: $3: the image is damaged\" >&2; exit 2\n");
  const std::string image = picture(20, 30);
  const Json failed =
      failing.until_done(Json::parse(failing.post("trial=" + failing.id(0), image).body).at("status"));
  EXPECT_EQ(failed.at("answers")[0].at("state"), "failed");
  EXPECT_EQ(failed.at("answers")[0].at("message"), "the image: the image is damaged")
      << "no path of this machine";

  ServedStudy hanging("echo $$ > \"$5.pid\"; sleep 1000\n");
  const std::string query = "trial=" + hanging.id(0) + "&trial=" + hanging.id(1);
  const std::string address = Json::parse(hanging.post(query, image).body).at("status");
  EXPECT_EQ(hanging.post(query, image).status, 202);
  const Response busy = hanging.post(query, image);
  EXPECT_EQ(busy.status, 503);
  EXPECT_EQ(header_of(busy, "Retry-After"), "10");
  const Json late = hanging.until_done(address);
  EXPECT_THAT(std::string(late.at("answers")[0].at("message")), HasSubstr("took longer than 2 s"));
  const auto begin = std::chrono::steady_clock::now();
  hanging.service.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5))
      << "it waits for no prediction";
}

}  // namespace
}  // namespace segbench::tests
