// SPDX-License-Identifier: MIT
#include "harness/train/blas.h"

#include <ATen/Version.h>
#include <dlfcn.h>
#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <string_view>

#include "harness/core/warning_kinds.h"

namespace segbench::train {
namespace {

template <typename Function>
Function* symbol(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_DEFAULT, name));
}

/// The file that holds the function which computes products of matrices; "" where LibTorch has it itself.
std::string library_of_products() {
  void* sgemm = ::dlsym(RTLD_DEFAULT, "sgemm_");
  Dl_info info{};
  if (sgemm == nullptr || ::dladdr(sgemm, &info) == 0 || info.dli_fname == nullptr) return "";
  std::error_code unknown;
  const std::filesystem::path file = std::filesystem::canonical(info.dli_fname, unknown);
  const std::string path = unknown ? info.dli_fname : file.string();
  return path.find("libtorch") == std::string::npos ? path : "";
}

std::string built_for() {
  const std::string config = at::show_config();
  constexpr std::string_view kKey = "BLAS_INFO=";
  const std::size_t begin = config.find(kKey);
  if (begin == std::string::npos) return "unknown";
  return config.substr(begin + kKey.size(), config.find_first_of(",\n", begin) - begin - kKey.size());
}

}  // namespace

Blas loaded_blas() {
  Blas blas;
  blas.library = library_of_products();
  if (auto* config = symbol<char*()>("openblas_get_config")) {
    blas.name = config();
    if (auto* kernel = symbol<char*()>("openblas_get_corename")) blas.kernel = kernel();
    if (auto* parallel = symbol<int()>("openblas_get_parallel")) {
      constexpr std::array<const char*, 3> kNames = {"sequential", "pthread", "openmp"};
      const int kind = parallel();
      if (kind >= 0 && kind < 3) blas.threading = kNames[static_cast<std::size_t>(kind)];
    }
    if (auto* threads = symbol<int()>("openblas_get_num_threads")) blas.threads = threads();
  } else {
    blas.name = built_for();
  }
  return blas;
}

core::Json to_json(const Blas& blas) {
  return {{"blas", blas.name},
          {"blas_library", blas.library},
          {"blas_kernel", blas.kernel},
          {"blas_threading", blas.threading},
          {"blas_threads", blas.threads}};
}

std::optional<core::Warning> warning_about(const Blas& blas) {
  if (blas.threading == "pthread") return core::make_warning("blas_threads", {{"library", blas.library}});
  const bool is_reference = blas.name.find("OpenBLAS") == std::string::npos && !blas.library.empty() &&
                            blas.library.find("/libblas.so") != std::string::npos;
  if (is_reference) return core::make_warning("blas_reference", {{"library", blas.library}});
  return std::nullopt;
}

}  // namespace segbench::train
