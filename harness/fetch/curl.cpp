// SPDX-License-Identifier: MIT
#include "harness/fetch/curl.h"

#include "harness/fetch/shared_library.h"

namespace segbench::fetch {
namespace {

constexpr const char* kLibrary = "libcurl.so.4";

template <typename Function>
Function function(void* loaded, const char* name) {
  return function_of<Function>(loaded, kLibrary, name);
}

}  // namespace

const Curl& curl() {
  static const Curl kCurl = [] {
    void* loaded = load_library(kLibrary, "nothing can be downloaded", "libcurl4");
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
