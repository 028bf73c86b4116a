// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/serve/http.h"

namespace segbench::serve {

/// Who may ask.
struct Access {
  std::string token = {};               ///< "": nobody needs one
  std::vector<std::string> hosts = {};  ///< names under which this server may be addressed, besides localhost
                                        ///< and addresses
};

/// 128 bits of the kernel's random numbers as hexadecimal digits.
std::string random_token();

/// Whether two texts are equal, in a time that tells nothing of where they differ.
bool equal_in_constant_time(std::string_view a, std::string_view b);

/// Refuses a request that is none of ours, before anything else looks at it:
///
/// - another method than GET, HEAD and POST;
/// - a Host that is no address, not localhost and none of `hosts`: a name that somebody let point here (DNS
///   rebinding); where a token is needed, one of `hosts` with a domain behind it will do;
/// - what another page asks for in the user's browser: by Sec-Fetch-Site, and of a POST by Origin;
/// - without the token, where one is needed: in `Authorization: Bearer TOKEN`, the cookie, or `?token=`,
///   which is answered with the cookie and a redirect that no longer shows it.
std::optional<Response> refused(const Request& request, const Access& access);

/// Adds what tells browsers to load nothing from elsewhere, to run no script but ours, to show the page in no
/// other's frame and to keep nothing. A Content-Security-Policy that stands there already stays.
Response guarded(Response response);

}  // namespace segbench::serve
