// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <string>

namespace segbench::tests {

struct HttpAnswer {
  int status = 0;  ///< 0: no answer came
  std::string body;
  std::multimap<std::string, std::string> headers;

  /// "" where there is none.
  std::string header(const std::string& name) const;
};

using HttpHeaders = std::multimap<std::string, std::string>;

/// What a client that is none of ours (cpp-httplib) makes of a server on this machine.
HttpAnswer http_get(int port, const std::string& target, const HttpHeaders& headers = {});
HttpAnswer http_head(int port, const std::string& target);
HttpAnswer http_post(int port, const std::string& target, const std::string& body, const std::string& type,
                     const HttpHeaders& headers = {});

/// Sends bytes as they are and returns all that comes back until the connection is closed, for at most ten
/// seconds.
std::string raw_exchange(int port, const std::string& bytes);

/// A connected socket that says nothing; the caller closes it.
int raw_connection(int port);

}  // namespace segbench::tests
