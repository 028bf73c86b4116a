// SPDX-License-Identifier: MIT
#include "harness/fetch/curl.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include "harness/core/error.h"

namespace segbench::fetch {
namespace {

constexpr const char* kLibrary = "libcurl.so.4";

void* library() {
  void* loaded = ::dlopen(kLibrary, RTLD_NOW | RTLD_LOCAL);
  if (loaded != nullptr) return loaded;
  throw core::UserError(
      fmt::format("{} cannot be loaded, without which nothing can be downloaded: {} (Debian: apt-get "
                  "install libcurl4)",
                  kLibrary, ::dlerror()),
      core::kTrialFailed);
}

template <typename Function>
Function function(void* loaded, const char* name) {
  void* found = ::dlsym(loaded, name);
  if (found == nullptr)
    throw core::UserError(fmt::format("{} has no {}", kLibrary, name), core::kTrialFailed);
  return reinterpret_cast<Function>(found);
}

}  // namespace

const Curl& curl() {
  static const Curl kCurl = [] {
    void* loaded = library();
    function<decltype(&::curl_global_init)>(loaded, "curl_global_init")(CURL_GLOBAL_DEFAULT);
    return Curl{.init = function<decltype(Curl::init)>(loaded, "curl_easy_init"),
                .set = function<decltype(Curl::set)>(loaded, "curl_easy_setopt"),
                .perform = function<decltype(Curl::perform)>(loaded, "curl_easy_perform"),
                .info = function<decltype(Curl::info)>(loaded, "curl_easy_getinfo"),
                .cleanup = function<decltype(Curl::cleanup)>(loaded, "curl_easy_cleanup"),
                .error = function<decltype(Curl::error)>(loaded, "curl_easy_strerror")};
  }();
  return kCurl;
}

}  // namespace segbench::fetch
