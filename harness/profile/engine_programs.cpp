// SPDX-License-Identifier: MIT
#include "harness/profile/engine_programs.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/profile/scripts.h"
#include "harness/run/worker.h"

namespace segbench::profile {
namespace {

constexpr std::chrono::seconds kStartPatience{120};  // importing PyTorch from a cold disk takes a while
constexpr const char* kOpenCvProgram = "segbench-engine-opencv";
constexpr const char* kOneDnnProgram = "segbench-engine-onednn";

constexpr std::array<const char*, 3> kOfWorker = {kReferenceEngine, "plan", "torchscript"};

std::string python() {
  const char* chosen = std::getenv("SEGBENCH_PYTHON");
  return chosen != nullptr && *chosen != '\0' ? chosen : "python3";
}

void write_scripts(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  for (const Script& script : engine_scripts())
    core::write_file_atomically(folder / script.name, script.text);
}

struct PythonEngine {
  const char* name;
  const char* script;
  const char* get;
};

constexpr PythonEngine kPythonEngines[] = {
    {"pytorch", "engine_pytorch.py", "pip install torch"},
    {"torch_compile", "engine_torch_compile.py", "pip install torch (2.0 or later; needs a C++ compiler)"},
    {"onnxruntime", "engine_onnxruntime.py", "pip install onnxruntime numpy (and onnx, for int8)"},
    {"openvino", "engine_openvino.py", "pip install openvino numpy"},
    {"mnn", "engine_mnn.py", "pip install MNN numpy"},
    {"ncnn", "engine_ncnn.py", "pip install ncnn numpy && pip install --no-deps pnnx"},
};

FoundEngine find_engine(const EngineProgram& program, const std::filesystem::path& log,
                        const std::function<bool()>& interrupted) {
  FoundEngine found{.program = program, .description = {}, .missing = {}};
  try {
    const auto link = start_engine(program.command, log, kAllCpus, interrupted);
    found.description = engines::description_from_json(link->ask({{"do", "describe"}}, kStartPatience));
  } catch (const core::UserError& error) {
    if (interrupted && interrupted()) throw;
    found.missing = error.what();
  }
  return found;
}

}  // namespace

bool is_of_worker(const std::string& name) {
  return std::find(kOfWorker.begin(), kOfWorker.end(), name) != kOfWorker.end();
}

std::vector<EngineProgram> known_engines(const std::filesystem::path& scripts,
                                         const std::map<std::string, std::vector<std::string>>& own) {
  write_scripts(scripts);
  std::vector<EngineProgram> programs;
  const std::filesystem::path worker = run::find_worker();
  for (const char* name : kOfWorker)
    programs.push_back({name, {worker.string(), "engine", name}, "part of segbench-worker"});
  programs.push_back({"opencv_dnn",
                      {(worker.parent_path() / kOpenCvProgram).string()},
                      fmt::format("build the target {}", kOpenCvProgram)});
  const std::string onednn = (worker.parent_path() / kOneDnnProgram).string();
  const std::string get_onednn =
      fmt::format("install oneDNN 2 (Debian: libdnnl-dev) and build the target {}", kOneDnnProgram);
  programs.push_back({"onednn", {onednn}, get_onednn});
  programs.push_back({"onednn_winograd", {onednn, "winograd"}, get_onednn});
  for (const PythonEngine& engine : kPythonEngines)
    programs.push_back({engine.name, {python(), (scripts / engine.script).string()}, engine.get});
  for (const auto& [name, command] : own) programs.push_back({name, command, "your own"});
  return programs;
}

std::vector<EngineProgram> asked_for(const std::vector<EngineProgram>& programs,
                                     const std::vector<std::string>& names) {
  std::vector<EngineProgram> chosen;
  for (const EngineProgram& program : programs) {
    if (program.name == kReferenceEngine ||
        std::find(names.begin(), names.end(), program.name) != names.end())
      chosen.push_back(program);
  }
  const bool all_known = std::all_of(names.begin(), names.end(), [&](const std::string& name) {
    return std::any_of(chosen.begin(), chosen.end(),
                       [&](const EngineProgram& program) { return program.name == name; });
  });
  return all_known ? chosen : programs;
}

std::vector<FoundEngine> find_engines(const std::vector<EngineProgram>& programs,
                                      const std::filesystem::path& log,
                                      const std::function<bool()>& interrupted) {
  std::vector<FoundEngine> found;
  for (const EngineProgram& program : programs) found.push_back(find_engine(program, log, interrupted));
  return found;
}

}  // namespace segbench::profile
