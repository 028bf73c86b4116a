// SPDX-License-Identifier: MIT
// oneDNN as an engine program: `segbench-engine-onednn`, or with Winograd's convolutions
// `segbench-engine-onednn winograd`.
#include <fmt/format.h>
#include <omp.h>

#include <cstdio>
#include <optional>
#include <string_view>

#include "architectures/networks/architecture.h"
#include "harness/core/error.h"
#include "harness/engines/model_file.h"
#include "harness/engines/onednn/onednn_engine.h"
#include "harness/engines/serve.h"

namespace {

/// Empty where the words are others than these.
std::optional<segbench::engines::OneDnnOptions> read_options(int argc, char** argv) {
  if (argc == 1) return segbench::engines::OneDnnOptions{};
  if (argc == 2 && std::string_view(argv[1]) == "winograd")
    return segbench::engines::OneDnnOptions{.winograd = true};
  return std::nullopt;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace segbench;
  const auto given = read_options(argc, argv);
  if (!given) {
    fmt::print(stderr, "{}: it takes the word winograd or none, but was given \"{}\"\n", argv[0],
               fmt::join(argv + 1, argv + argc, " "));
    return core::kUsage;
  }
  const engines::OneDnnOptions& options = *given;
  engines::serve_standard_streams({.description = {.name = name_of(options),
                                                   .version = engines::onednn_version(),
                                                   .reads = {engines::formats::kSegbench}},
                                   .load = [&](const engines::LoadRequest& request) {
                                     omp_set_num_threads(request.threads);
                                     const engines::ModelFile file(request.model);
                                     return engines::make_onednn_engine(
                                         architectures::build_graph(file.network()), file.weights(),
                                         request.batch, options);
                                   }});
}
