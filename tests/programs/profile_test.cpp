// SPDX-License-Identifier: MIT
// `segbench profile` as a user has it: engines as processes, a wrong one, a kill, the answers.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <thread>

#include "harness/core/files.h"
#include "results/profiles/log.h"
#include "tests/programs/workspace.h"
#include "tests/support/python.h"

namespace segbench::tests {
namespace {

using core::Json;
using testing::HasSubstr;
namespace fs = std::filesystem;

std::vector<std::string> profile_command(const std::vector<std::string>& more) {
  std::vector<std::string> command = {"profile", "--models",     "unet:small", "--widths",
                                      "0.125",   "--resolution", "32x32",      "--classes",
                                      "4",       "--seconds",    "1"};
  command.insert(command.end(), more.begin(), more.end());
  return command;
}

TEST(ProfileEngines, AreListedWithWhatIsMissing) {
  const Workspace workspace;
  const ProcessResult listed =
      workspace.segbench({"profile", "--engines", "--format", "json"}, {{"SEGBENCH_PYTHON", "/no/python"}});
  ASSERT_EQ(listed.exit_code, 0) << listed.err;
  std::map<std::string, Json> engines;
  for (const Json& engine : Json::parse(listed.out)) engines[engine.at("engine")] = engine;
  for (const char* name : {"eager", "plan", "torchscript", "opencv_dnn"})
    EXPECT_TRUE(engines.at(name).at("version").is_string()) << name;
  EXPECT_TRUE(engines.at("onnxruntime").at("version").is_null());
  EXPECT_THAT(engines.at("onnxruntime").at("get").get<std::string>(), HasSubstr("pip install onnxruntime"));
  EXPECT_THAT(engines.at("mnn").at("get").get<std::string>(), HasSubstr("pip install MNN"));
  EXPECT_THAT(engines.at("ncnn").at("get").get<std::string>(), HasSubstr("pnnx"));
}

TEST(ProfileOf, AnArchitectureIsMeasuredOnceAndAnswers) {
  const Workspace workspace;
  workspace.write(
      "p.toml",
      "schema = 1\nname = \"p\"\n[profile]\nmodels = [\"unet:small\"]\nwidths = [0.125]\nresolution = "
      "[\"32x32\"]\nclasses = 4\nengines = [\"eager\", \"plan\", \"torchscript\", \"opencv_dnn\"]\n"
      "most_rounds = 8\nseconds = 600\n");
  const std::vector<std::string> command = {"profile", "p.toml", "--report", "--format", "json"};
  const ProcessResult first = workspace.segbench(command);
  ASSERT_EQ(first.exit_code, 0) << first.err;
  const Json results = Json::parse(first.out);
  ASSERT_EQ(results.at("rows").size(), 4U);
  for (const Json& row : results.at("rows")) {
    EXPECT_TRUE(row.at("failure").is_null()) << row.at("label");
    EXPECT_GT(row.at("median_s"), 0) << row.at("label");
    EXPECT_LT(row.at("error"), 1e-4) << row.at("label");
    EXPECT_GT(row.at("peak_bytes"), 1 << 20) << row.at("label");
    EXPECT_GT(row.at("macs"), 0);
    EXPECT_GT(row.at("of_roofline"), 0);
  }
  const fs::path session = workspace.path() / "runs/p/profile" / results.at("session").get<std::string>();
  const std::string page = core::read_file(session / "report/index.html");
  EXPECT_THAT(page, HasSubstr("×0.125, plan"));
  EXPECT_TRUE(fs::exists(session / "report/plots/latencies.gp"));
  EXPECT_TRUE(fs::exists(session / "report/plots/roofline.dat") ||
              fs::exists(session / "report/plots/networks.dat"));

  const ProcessResult again = workspace.segbench(command);
  EXPECT_THAT(again.err, HasSubstr("measured already"));
  EXPECT_EQ(Json::parse(again.out), results);

  const ProcessResult inside = workspace.segbench({"profile", "p", "--show", "--budget", "100s"});
  EXPECT_EQ(inside.exit_code, 0) << inside.err;
  EXPECT_THAT(inside.err, HasSubstr("inside 100s: unet small"));
  const ProcessResult bytes =
      workspace.segbench({"profile", "p", "--show", "--budget", "1000GB", "--format", "json"});
  EXPECT_GT(Json::parse(bytes.out).at(0).at("peak_bytes"), 1 << 20) << bytes.out;
  EXPECT_EQ(workspace.segbench({"profile", "p", "--show", "--budget", "1us"}).exit_code, 1);

  core::write_file_atomically(workspace.path() / "base.json", first.out);
  const ProcessResult gate =
      workspace.segbench({"profile", "p", "--show", "--baseline", "base.json", "--tolerance", "9"});
  EXPECT_EQ(gate.exit_code, 0) << gate.err;
  Json other = results;
  other["session"] = "another";
  for (Json& row : other["rows"]) {
    for (Json& seconds : row["round_medians_s"]) seconds = seconds.get<double>() / 100;
  }
  core::write_file_atomically(workspace.path() / "other.json", other.dump());
  const ProcessResult refused = workspace.segbench({"profile", "p", "--show", "--baseline", "other.json"});
  EXPECT_EQ(refused.exit_code, 5);
  EXPECT_THAT(refused.err, HasSubstr("another session"));
  EXPECT_EQ(workspace.segbench({"profile", "p", "--show", "--baseline", "other.json", "--across-sessions"})
                .exit_code,
            1);

  const ProcessResult google = workspace.segbench({"profile", "p", "--show", "--format", "google-benchmark"});
  const Json benchmarks = Json::parse(google.out);
  EXPECT_EQ(benchmarks.at("benchmarks").size(), 4 * results.at("rows")[0].at("round_medians_s").size());
  EXPECT_EQ(benchmarks.at("benchmarks")[0].at("time_unit"), "us");
}

TEST(ProfileOf, OneDnnIsCheckedAndMeasured) {
  if (!fs::exists(fs::path(SEGBENCH_BINARY_DIR) / "segbench-engine-onednn"))
    GTEST_SKIP() << "built without oneDNN";
  const Workspace workspace;
  const ProcessResult measured = workspace.segbench(
      profile_command({"--engine", "eager,onednn,onednn_winograd", "--batch", "1,2", "--format", "json"}));
  ASSERT_EQ(measured.exit_code, 0) << measured.err;
  const Json results = Json::parse(measured.out);
  ASSERT_EQ(results.at("rows").size(), 6U);
  for (const Json& row : results.at("rows")) {
    EXPECT_TRUE(row.at("failure").is_null()) << row.at("label") << row.at("failure");
    EXPECT_GT(row.at("median_s"), 0) << row.at("label");
    EXPECT_LT(row.at("error"), 1e-3) << row.at("label");
  }
  const ProcessResult unknown =
      run_process({fs::path(SEGBENCH_BINARY_DIR) / "segbench-engine-onednn", "winogard"}, workspace.path());
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("the word winograd or none, but was given \"winogard\""));
}

TEST(ProfileOf, GoogleBenchmarksCompareReadsIt) {
  const fs::path compare = "/usr/share/benchmark/compare.py";  // of Debian's libbenchmark-tools
  if (!fs::exists(compare)) GTEST_SKIP() << compare << " is not there";
  const Workspace workspace;
  const ProcessResult google =
      workspace.segbench(profile_command({"--engine", "eager,plan", "--format", "google-benchmark"}));
  ASSERT_EQ(google.exit_code, 0) << google.err;
  core::write_file_atomically(workspace.path() / "a.json", google.out);
  const ProcessResult compared =
      run_process({"python3", compare, "benchmarks", "a.json", "a.json"}, workspace.path());
  EXPECT_EQ(compared.exit_code, 0) << compared.err;
  EXPECT_THAT(compared.out, HasSubstr("×0.125, plan"));
  EXPECT_THAT(compared.out, HasSubstr("+0.0000"));
}

// An engine in Python's own library alone, which answers zeros, or is killed by what it loads, or hangs
// there.
constexpr const char* kWrongEngine = R"(import json, os, sys, time
for line in sys.stdin:
    request = json.loads(line)
    reply = {"ok": True}
    if request["do"] == "describe":
        reply.update(protocol=1, name=sys.argv[1], version="1", reads=["onnx"])
    if request["do"] == "load" and sys.argv[1] == "mortal":
        os.kill(os.getpid(), 9)
    if request["do"] == "load" and sys.argv[1] == "hanging":
        time.sleep(1000)
    if request["do"] == "run":
        reply["ns"] = [1000] * request["iterations"]
    if request["do"] == "output":
        open(request["file"], "wb").write(bytes(4 * 4 * 32 * 32))
    if request["do"] == "quit":
        break
    print(json.dumps(reply), flush=True)
)";

TEST(ProfileOf, AnEngineThatIsWrongOrDiesIsAFailedRow) {
  SEGBENCH_REQUIRE_PYTHON(python, "json");
  const Workspace workspace;
  workspace.write("engine.py", kWrongEngine);
  const ProcessResult result = workspace.segbench(profile_command(
      {"--engine", "eager,wrong,mortal", "--engine-command", "wrong=" + python + " engine.py wrong",
       "--engine-command", "mortal=" + python + " engine.py mortal", "--format", "json"}));
  EXPECT_EQ(result.exit_code, 1);
  std::map<std::string, Json> rows;
  const Json profile = Json::parse(result.out);
  for (const Json& row : profile.at("rows")) rows[row.at("engine")] = row;
  ASSERT_EQ(rows.size(), 3U) << result.out << result.err;
  EXPECT_TRUE(rows.at("wrong").at("wrong").get<bool>());
  EXPECT_TRUE(rows.at("wrong").at("median_s").is_null());
  EXPECT_THAT(rows.at("wrong").at("failure").get<std::string>(), HasSubstr("its output is wrong"));
  EXPECT_THAT(rows.at("mortal").at("failure").get<std::string>(), HasSubstr("killed by signal 9"));
  EXPECT_GT(rows.at("eager").at("median_s"), 0);
  EXPECT_THAT(workspace.segbench(profile_command({"--engine", "egaer"})).err,
              HasSubstr("did you mean \"eager\"?"));
}

TEST(ProfileOf, AnEngineThatHangsIsAFailedRow) {
  SEGBENCH_REQUIRE_PYTHON(python, "json");
  const Workspace workspace;
  workspace.write("engine.py", kWrongEngine);
  workspace.write("p.toml",
                  "schema = 1\nname = \"p\"\n[profile]\nmodels = [\"unet:small\"]\nwidths = [0.125]\n"
                  "resolution = [\"32x32\"]\nclasses = 4\nengines = [\"eager\", \"hanging\"]\nseconds = 1\n"
                  "patience = 20\ncommands = { hanging = [\"" +
                      python + "\", \"engine.py\", \"hanging\"] }\n");
  const ProcessResult result = workspace.segbench({"profile", "p.toml", "--format", "json"});
  EXPECT_EQ(result.exit_code, 1);
  const Json rows = Json::parse(result.out).at("rows");
  EXPECT_GT(rows.at(0).at("median_s"), 0);
  EXPECT_EQ(rows.at(1).at("failure"), "no answer in 20 s");
}

TEST(ProfileOf, ANetworkThatDoesNotFitIsAFailedRow) {
  const Workspace workspace;
  const ProcessResult result = workspace.segbench(
      {"profile", "--models", "unet:small", "--widths", "0.125", "--resolution", "32x32", "--classes", "4",
       "--batch", "1,30000000", "--engine", "eager", "--seconds", "1", "--format", "json"});
  EXPECT_EQ(result.exit_code, 1);
  const Json rows = Json::parse(result.out).at("rows");
  EXPECT_GT(rows.at(0).at("median_s"), 0);
  EXPECT_THAT(rows.at(1).at("failure").get<std::string>(), HasSubstr("of memory, but"));
}

// What a trial brings: its own images, its score, and of int8 the score that is counted; a study as a model.
TEST(ProfileOf, ATrialUsesItsSelectionSplit) {
  const Workspace workspace;
  workspace.write(
      "s.toml",
      "schema = 1\nname = \"s\"\n[data]\nkind = \"shapes\"\ntrain_images = 16\nselection_images = "
      "6\ntest_images = 8\nresolution = [64, 64]\n"
      "[model]\narchitecture = \"pspnet\"\nsize = \"small\"\nwidth = 0.125\n[training]\nepochs = 2\n"
      "batch_size = 4\nloss = \"cross_entropy\"\noptimizer = \"adam\"\n[trials]\nseeds = [1, 2]\n");
  const ProcessResult trained = workspace.segbench({"run", "s.toml"});
  ASSERT_EQ(trained.exit_code, 0) << trained.err;
  workspace.write("p.toml",
                  "schema = 1\nname = \"p\"\n[profile]\nmodels = [\"s\"]\nresolution = [\"64x64\"]\n"
                  "engines = [\"eager\", \"plan\"]\nprecision = [\"float32\", \"bfloat16\"]\nbatch = [4]\n"
                  "passes = 2\nleast_rounds = 6\nmost_rounds = 6\nmax_error_reduced = 1\n");
  const ProcessResult result = workspace.segbench({"profile", "p.toml", "--format", "json"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json results = Json::parse(result.out);
  ASSERT_EQ(results.at("rows").size(), 4U) << "one trial of the variant";
  std::optional<double> score;
  for (const Json& row : results.at("rows")) {
    EXPECT_THAT(row.at("model").get<std::string>(), HasSubstr("seed 1"));
    ASSERT_TRUE(row.at("score").is_number()) << row.at("label");
    if (row.at("precision") == "float32") score = row.at("score");
    EXPECT_GT(row.at("stages_s").at("read"), 0);
    EXPECT_GT(row.at("end_to_end_s"), row.at("median_s"));
    EXPECT_EQ(row.at("passes_s").size(), 2U);
    EXPECT_GT(row.at("train_epoch_s"), 0);
  }
  for (const Json& row : results.at("rows"))
    EXPECT_NEAR(row.at("score").get<double>(), *score, 0.05) << "bfloat16 predicts nearly the same";
  const fs::path session = workspace.path() / "runs/p/profile" / results.at("session").get<std::string>();
  const profiles::ProfileLog log = profiles::read_profile_log(session / profiles::kProfileLog);
  for (const profiles::RowLog& row : log.rows) {
    EXPECT_EQ(row.ready->at("images"), "the selection split");
    EXPECT_EQ(row.score.has_value(), row.facts.at("precision") == "bfloat16");
  }
}

class ProfileByPython : public testing::TestWithParam<std::pair<const char*, const char*>> {};

INSTANTIATE_TEST_SUITE_P(Engines, ProfileByPython,
                         testing::Values(std::pair("onnxruntime", "onnxruntime,onnx"),
                                         std::pair("openvino", "openvino"), std::pair("mnn", "MNN,numpy"),
                                         std::pair("ncnn", "ncnn,numpy"), std::pair("pytorch", "torch")),
                         [](const auto& engine) { return std::string(engine.param.first); });

TEST_P(ProfileByPython, IsRight) {
  const auto& [engine, modules] = GetParam();
  SEGBENCH_REQUIRE_PYTHON(python, modules);
  const bool quantises = std::string_view(engine) == "onnxruntime";
  const Workspace workspace;
  const ProcessResult listed =
      workspace.segbench({"profile", "--engines", "--format", "json"}, {{"SEGBENCH_PYTHON", python}});
  for (const Json& one : Json::parse(listed.out)) {
    if (one.at("engine") == engine && one.at("version").is_null())
      GTEST_SKIP() << "SKIPPED: " << engine << " is not there: " << one.at("get");
  }
  workspace.write("p.toml",
                  fmt::format("schema = 1\nname = \"p\"\n[profile]\nmodels = [\"unet:small\"]\n"
                              "widths = [0.125]\nresolution = [\"32x32\"]\nclasses = 4\nbatch = [2]\n"
                              "engines = [\"eager\", \"{}\"]\nprecision = [\"float32\"{}]\nleast_rounds = 6\n"
                              "most_rounds = 6\n",
                              engine, quantises ? ", \"int8\"" : ""));
  const ProcessResult result =
      workspace.segbench({"profile", "p.toml", "--format", "json"}, {{"SEGBENCH_PYTHON", python}});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json rows = Json::parse(result.out).at("rows");
  ASSERT_EQ(rows.size(), quantises ? 3U : 2U);
  EXPECT_LT(rows.at(1).at("error"), 1e-4);
  EXPECT_GT(rows.at(1).at("median_s"), 0);
  if (!quantises) return;
  EXPECT_EQ(rows.at(2).at("precision"), "int8");
  EXPECT_GT(rows.at(2).at("error"), 1e-4) << "it computed in float32";
  EXPECT_LT(rows.at(2).at("file_bytes"), rows.at(1).at("file_bytes").get<std::int64_t>() / 2);
}

TEST(ProfileOf, AKilledSessionGoesOn) {
  const Workspace workspace;
  workspace.write(
      "p.toml",
      "schema = 1\nname = \"p\"\n[profile]\nmodels = [\"unet:small\"]\nwidths = [0.125]\nresolution = "
      "[\"32x32\"]\nclasses = 4\nengines = [\"eager\", \"plan\"]\nmost_rounds = 12\nleast_rounds = 12\n");
  const auto log = [&]() -> std::optional<profiles::ProfileLog> {
    const auto sessions = profiles::find_sessions(workspace.path() / "runs", "p");
    if (sessions.empty()) return std::nullopt;
    return profiles::read_profile_log(sessions.back() / profiles::kProfileLog);
  };
  {
    Process run(workspace.command({"profile", "p.toml"}), workspace.path());
    for (int i = 0; i < 6000 && run.running(); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      if (const auto now = log(); now && now->rounds.size() >= 2) break;
    }
    run.signal(SIGKILL);
    run.wait();
  }
  const profiles::ProfileLog before = *log();
  ASSERT_EQ(before.finished, "") << "it was killed in the middle";
  const ProcessResult rest = workspace.segbench({"profile", "p.toml"});
  EXPECT_EQ(rest.exit_code, 0) << rest.err;
  EXPECT_THAT(rest.err, HasSubstr("going on with session"));
  const profiles::ProfileLog after = *log();
  EXPECT_EQ(after.attempts, 2);
  EXPECT_EQ(after.rounds.size(), 12U);
  EXPECT_EQ(after.rows[0].visits[0].seconds, before.rows[0].visits[0].seconds);
  EXPECT_TRUE(after.defects.empty());
}

}  // namespace
}  // namespace segbench::tests
