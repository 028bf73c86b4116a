// SPDX-License-Identifier: MIT
#include "harness/core/part.h"

// Anyone's own network: a TorchScript module from a file. It has no layers that could be told without
// LibTorch, so it is a part of its own kind among the architectures: architectures/torch/torchscript.h runs
// it.

namespace segbench::architectures {
namespace {

std::vector<core::PartProblem> check(const core::Json& variant) {
  std::vector<core::PartProblem> problems;
  const core::Json& model = variant.at("model");
  if (model.at("size") != "full") {
    problems.push_back({"model.size", "found \"" + model.at("size").get<std::string>() +
                                          "\"; torchscript comes in one size, that of its file: full"});
  }
  if (model.at("width") != 1.0) {
    problems.push_back(
        {"model.width", "found " + model.at("width").dump() +
                            "; the file of a torchscript network decides its width; allowed: 1.0"});
  }
  if (model.contains("weights")) {
    problems.push_back({"model.weights",
                        "found weights for a torchscript network, which has its own in model.file; "
                        "allowed: none"});
  }
  if (model.contains("freeze") && model.at("freeze").is_string()) {
    problems.push_back(
        {"model.freeze", "found " + model.at("freeze").dump() +
                             "; what is the encoder of a torchscript network is not known; allowed: "
                             "\"none\" or a list of patterns of parameter names"});
  }
  return problems;
}

const core::PartRegistration torchscript{
    {.kind = core::PartKind::kArchitecture,
     .name = "torchscript",
     .summary =
         "a TorchScript module from model.file: evaluated and, where it has parameters, trained further",
     .source = "the file; format: https://pytorch.org/docs/stable/jit.html",
     .traits = {{"needs_file", true}},
     .check = check}};

}  // namespace
}  // namespace segbench::architectures
