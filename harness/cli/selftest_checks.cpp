// SPDX-License-Identifier: MIT
#include "harness/cli/selftest_checks.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <chrono>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/stopwatch.h"
#include "harness/core/text.h"
#include "harness/run/child.h"
#include "harness/run/study_plan.h"
#include "harness/run/worker.h"
#include "results/store/store.h"

namespace segbench::cli {
namespace {

/// GFLOP/s of a product of two square matrices by the library's sgemm (the Fortran interface of BLAS level
/// 3); 0 when the library has none.
double measure_sgemm(const std::string& library) {
  using Sgemm =
      void (*)(const char*, const char*, const int*, const int*, const int*, const float*, const float*,
               const int*, const float*, const int*, const float*, float*, const int*);
  void* handle = ::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) return 0;
  const auto sgemm = reinterpret_cast<Sgemm>(::dlsym(handle, "sgemm_"));
  if (sgemm == nullptr) return 0;
  const int n = 384;
  const float one = 1, zero = 0;
  const std::vector<float> a(static_cast<std::size_t>(n) * n, 0.5F), b(a);
  std::vector<float> c(a.size());
  double best = 0;
  double all = 0;
  // On a busy machine single rounds are slow, whatever the library.
  for (int round = 0; round < 3 || (best < kSlowBlas && all < 2); ++round) {
    const auto begin = std::chrono::steady_clock::now();
    sgemm("N", "N", &n, &n, &n, &one, a.data(), &n, b.data(), &n, &zero, c.data(), &n);
    const double took = core::seconds_since(begin);
    best = std::max(best, 2.0 * n * n * n / took / 1e9);
    all += took;
  }
  return best;  // the library stays loaded: it may have started threads
}

}  // namespace

CheckResult check(const std::string& name, const std::function<std::string()>& look) {
  try {
    return {name, "ok", look()};
  } catch (const std::exception& error) {
    return {name, "failed", error.what()};
  }
}

CheckResult check_worker() {
  return check("worker", [] {
    const std::filesystem::path program = run::find_worker();
    const core::Json environment = run::worker_environment(program, "auto");
    const auto text = [&](const char* key) {
      const auto found = environment.find(key);
      return found == environment.end() ? std::string("?")
             : found->is_string()       ? found->get<std::string>()
                                        : found->dump();
    };
    return fmt::format("{}: LibTorch {}, device {}, {} threads", program.string(), text("libtorch"),
                       text("device"), text("threads"));
  });
}

CheckResult check_gnuplot() {
  CheckResult result = check("gnuplot", [] {
    const run::CommandResult version = run::run_command({"gnuplot", "--version"});
    if (version.code != 0) throw core::UserError("gnuplot --version does not work");
    return std::string(core::trim(version.out));
  });
  if (result.result == "failed") {
    result = {"gnuplot", "warning",
              "not found; reports have no plots without it (apt-get install gnuplot-nox)"};
  }
  return result;
}

CheckResult check_blas() {
  std::string library, threading;
  CheckResult result = check("matrix products", [&] {
    const core::Json environment = run::worker_environment(run::find_worker(), "cpu");
    library = environment.value("blas_library", "");
    threading = environment.value("blas_threading", "");
    return run::describe_blas(environment);
  });
  if (library.empty() || result.result != "ok") return result;
  const double speed = measure_sgemm(library);
  result.detail += fmt::format(": {:.1f} GFLOP/s", speed);
  if (speed < kSlowBlas) {
    result.result = "warning";
    result.detail +=
        "; this looks like the reference BLAS, with which training is many times slower: install "
        "libopenblas0-openmp";
  } else if (threading == "pthread") {
    result.result = "warning";
    result.detail +=
        "; its threads compete with LibTorch's for the cores, with which training can take more than twice "
        "as "
        "long: install libopenblas0-openmp";
  }
  return result;
}

CheckResult check_disk(const std::filesystem::path& scratch) {
  return check("disk", [&] {
    run::require_writable(scratch);
    core::write_file_atomically(scratch / "words", "written and read");
    SEGBENCH_CHECK(core::read_file(scratch / "words") == "written and read", "other words were read");
    const auto space = std::filesystem::space(scratch);
    return fmt::format("{}: {} free", scratch.parent_path().string(), core::human_bytes(space.available));
  });
}

CheckResult check_store(const std::filesystem::path& scratch) {
  return check("store", [&] {
    const store::Store store = store::Store::open(scratch / "results.sqlite");
    SEGBENCH_CHECK(store.studies().empty(), "a new store holds studies");
    return std::string("SQLite creates and opens it");
  });
}

}  // namespace segbench::cli
