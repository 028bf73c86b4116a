// SPDX-License-Identifier: MIT
// oneDNN as an engine program: `segbench-engine-onednn`, or with Winograd's convolutions
// `segbench-engine-onednn winograd`.
#include <omp.h>

#include <string_view>

#include "architectures/networks/architecture.h"
#include "harness/engines/model_file.h"
#include "harness/engines/onednn/onednn_engine.h"
#include "harness/engines/serve.h"

int main(int argc, char** argv) {
  using namespace segbench;
  const engines::OneDnnOptions options{.winograd = argc > 1 && std::string_view(argv[1]) == "winograd"};
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
