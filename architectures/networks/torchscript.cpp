// SPDX-License-Identifier: MIT
#include "harness/core/part.h"

// Anyone's own network: a TorchScript module from a file. It has no layers that could be told without
// LibTorch, so it is a part of its own kind among the architectures: architectures/torch/torchscript.h runs
// it.

namespace segbench::architectures::torchscript {
namespace {

std::vector<core::PartProblem> check(const core::Json&, const core::Json& variant) {
  std::vector<core::PartProblem> problems;
  const core::Json& model = variant.at("model");
  if (model.at("size") != "full") {
    problems.push_back(
        {"model.size", "must be \"full\", the size of the file, for a torchscript network, but is \"" +
                           model.at("size").get<std::string>() + "\""});
  }
  if (model.at("width") != 1.0) {
    problems.push_back(
        {"model.width", "must be 1.0 for a torchscript network, whose file decides its width, but is " +
                            model.at("width").dump()});
  }
  if (model.contains("weights")) {
    problems.push_back(
        {"model.weights", "must not be set for a torchscript network, which has its weights in model.file"});
  }
  if (model.contains("freeze") && model.at("freeze").is_string()) {
    problems.push_back(
        {"model.freeze",
         "must be \"none\" or a list of patterns of parameter names for a torchscript network, whose "
         "encoder is not known, but is " +
             model.at("freeze").dump()});
  }
  if (variant.at("training").value("batch_norm_statistics", "moving") != "moving") {
    problems.push_back(
        {"training.batch_norm_statistics",
         "must be \"moving\", but is \"precise\": the layers of a torchscript network are not known, so "
         "it keeps its own moving statistics"});
  }
  return problems;
}

const core::PartRegistration torchscript{
    {.kind = core::PartKind::kArchitecture,
     .name = "torchscript",
     .summary = "TorchScript module read from model.file: evaluated and, if it has parameters, fine-tuned",
     .source = "the file; format: https://pytorch.org/docs/stable/jit.html",
     .traits = {{"needs_file", true}},
     .check = check}};

}  // namespace
}  // namespace segbench::architectures::torchscript
