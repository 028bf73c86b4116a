// SPDX-License-Identifier: MIT
#pragma once

#include <curl/curl.h>

namespace segbench::fetch {

/// The functions of libcurl that are used.
struct Curl {
  decltype(&::curl_easy_init) init;
  decltype(&::curl_easy_setopt) set;
  decltype(&::curl_easy_perform) perform;
  decltype(&::curl_easy_getinfo) info;
  decltype(&::curl_easy_cleanup) cleanup;
  decltype(&::curl_easy_strerror) error;
};

/// Loads the library. Throws core::UserError when it is not installed.
const Curl& curl();

}  // namespace segbench::fetch
